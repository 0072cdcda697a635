import { at, bold, formatDuration, Region, say, type Text } from '#core';
import {
  type Judgement,
  type Maintenance,
  OVERALL,
  openMaintenance,
  type Report,
  readJudgement,
  readReports,
} from '#detection';
import type { Plan } from '#plan';
import type { Card, ControlStore, History, HistoryStep } from '#ports';
import { card, lines, small } from '../cards/parts.ts';
import { CHECK_WORDS } from './check-words.ts';
import { chartLine, percent } from './history-lines.ts';
import { maintenanceLine } from './maintenance-card.ts';
import { unitLine } from './unit-lines.ts';

/** A step of five minutes has at least one sample, and both ends with their times fit on one line of a phone. */
const STEPS = 12;
const SPAN_MS = 3_600_000;

/** What the card is made of. */
export interface HealthSeen {
  readonly now: Date;
  readonly judgement: Judgement | undefined;
  readonly reports: readonly Report[];
  readonly maintenance: readonly Maintenance[];
  readonly since: Date;
  /** What was measured from `since` until `now`, by series; a series that nobody wrote is not there. */
  readonly history: ReadonlyMap<string, readonly HistoryStep[]>;
}

interface HealthWorld {
  readonly plan: Plan;
  readonly store: ControlStore;
  readonly history: History;
}

/** `/dr health`: the whole as a number with its parts, each check in each region with the reason for its verdict. */
export async function healthCard(
  { region }: { readonly region?: Region | undefined },
  { plan, store, history }: HealthWorld,
): Promise<Card> {
  const now = await store.now();
  const since = new Date(now.getTime() - SPAN_MS);
  const series = [OVERALL, ...plan.detection.checks.map(({ name }) => name)];
  const [judgement, reports, maintenance, ...steps] = await Promise.all([
    readJudgement(store),
    readReports(store),
    openMaintenance(store, now),
    ...series.map((each) => history.read({ series: each, since, until: now, stepMs: SPAN_MS / STEPS }).catch(() => [])),
  ]);
  const measured = new Map(series.flatMap((each, index) => (steps[index]?.length ? [[each, steps[index]]] : [])));
  return healthCardOf(
    { now, judgement: judgement?.value, reports, maintenance, since, history: measured },
    plan,
    region,
  );
}

/** The card for what was seen. Pure. */
export function healthCardOf(seen: HealthSeen, plan: Plan, only?: Region): Card {
  const { now, judgement, reports, maintenance } = seen;
  if (!judgement) {
    return card('No detector has reported yet.', [
      lines(
        [bold('NOT SEEN'), ` - no detector has reported yet. Nobody sees whether ${plan.system.name} works.`],
        ['Start one in each region: HOLDFAST_REGION=... node src/main.ts detector'],
      ),
    ]);
  }
  const word = stateOf(judgement, now, plan);
  const number = judgement.overall === undefined ? 'not known' : percent(judgement.overall);
  const { critical, weights } = partWords(judgement);
  return card(`${word}. Health ${number}. /dr health`, [
    lines(
      [bold(`${word} - health ${number}`), ...(only ? [`   ${only}`] : [])],
      ...chartLines(OVERALL, seen, 'ends'),
      ...elsewhere(judgement, only),
    ),
    ...plan.detection.checks.flatMap(({ name }) => {
      const own = regionsOf(reports, only)
        .map((region) => unitLine(name, region, { reports, judgement }))
        .filter((line) => line !== undefined);
      if (own.length === 0) return [];
      const part = judgement.parts.find(({ check }) => check === name);
      const share = part?.percent === undefined ? 'not seen' : percent(part.percent);
      const head: Text = [bold(CHECK_WORDS[name]), ` ${share}${part?.critical ? ', critical' : ''}`];
      return [lines(head, ...chartLines(name, seen, 'alone'), ...own)];
    }),
    ...(maintenance.length > 0 ? [lines([bold('In maintenance')], ...maintenance.map(maintenanceLine))] : []),
    small(
      `Critical checks (${critical}) count ${weights}. Below ${plan.thresholds.availabilityPercent} % a critical failure is a breach. `,
      ...freshness(judgement, now),
    ),
  ]);
}

/** A judgement that is old says nothing about now. */
function stateOf({ at: judgedAt, findings, overall }: Judgement, now: Date, { detection }: Plan): string {
  if (now.getTime() - judgedAt.getTime() > detection.silentAfterSeconds * 1_000 || overall === undefined)
    return 'CANNOT SEE';
  const failing = findings.filter(({ state, silencedBy }) => state === 'failing' && silencedBy === undefined);
  if (failing.some(({ breach }) => breach)) return 'BREACH';
  if (failing.length > 0) return 'FAILING';
  return findings.some(({ state }) => state === 'unknown') ? 'CANNOT SEE ALL' : 'WELL';
}

function partWords({ parts }: Judgement): { readonly critical: string; readonly weights: string } {
  const critical = parts.filter((part) => part.critical);
  return {
    critical: critical.map(({ check }) => CHECK_WORDS[check]).join(', '),
    weights: critical[0]?.weight === 2 ? 'twice' : `${critical[0]?.weight ?? 1} times`,
  };
}

/** What was never measured has no chart; of the whole that is said. */
function chartLines(series: string, { history, since, now }: HealthSeen, form: 'ends' | 'alone'): Text[] {
  const steps = history.get(series);
  if (steps) return chartLine(steps, { since, until: now, count: STEPS }, form);
  return form === 'ends' ? [['No history yet.']] : [];
}

/** What belongs to no check: dead regions, and those who look. */
function elsewhere({ findings }: Judgement, only: Region | undefined): Text[] {
  return findings
    .filter(({ check, state }) => (check === 'region' || check === 'detectors') && state !== 'well')
    .filter(({ region }) => only === undefined || region === only)
    .map(({ title, since, cause, state }) => {
      const word = state === 'unknown' ? 'NOT SEEN NOW' : 'FAILING';
      return say`${bold(word)} - ${title} since ${at(since)}. ${cause}`;
    });
}

/** All that anybody looks at, what belongs to none of them last. */
function regionsOf(reports: readonly Report[], only: Region | undefined): (Region | undefined)[] {
  if (only !== undefined) return [only];
  const regions = new Set(reports.flatMap(({ stands }) => stands.flatMap(({ region }) => region ?? [])));
  return [...[...regions].sort().map((region) => Region.parse(region)), undefined];
}

function freshness({ vantage, at: judgedAt }: Judgement, now: Date): Text {
  const seeing = vantage.filter(({ state }) => state === 'seeing').map(({ region }) => region);
  const blind = vantage.filter(({ state }) => state !== 'seeing').map(({ region }) => region);
  const ago = formatDuration(now.getTime() - judgedAt.getTime());
  return [
    `Seen from ${seeing.join(', ') || 'nowhere'}${blind.length > 0 ? `, not from ${blind.join(', ')}` : ''}. Judged `,
    at(judgedAt),
    `, ${ago} ago.`,
  ];
}
