import { at, type Region, say, type Text } from '#core';
import type { Finding, Judgement, Report, Stand } from '#detection';
import type { CheckName } from '#plan';

/** What a vantage point made of one probe, with where it looked from. */
interface View {
  readonly from: Region;
  readonly stand: Stand;
}

/** Everything the detectors that see now say of a check in a region. */
function viewsOf(
  reports: readonly Report[],
  judgement: Judgement,
  check: CheckName,
  region: Region | undefined,
): View[] {
  const seeing = judgement.vantage.flatMap((each) => (each.state === 'seeing' ? [each.region] : []));
  return reports
    .filter(({ id }) => seeing.includes(id))
    .flatMap(({ id, stands }) =>
      stands.flatMap((stand) => (stand.check === check && stand.region === region ? [{ from: id, stand }] : [])),
    );
}

/** One line: the state as a word, and the reason for it. */
export function unitLine(
  check: CheckName,
  region: Region | undefined,
  seen: { readonly reports: readonly Report[]; readonly judgement: Judgement },
): Text | undefined {
  const views = viewsOf(seen.reports, seen.judgement, check, region);
  if (views.length === 0) return undefined;
  const own = seen.judgement.findings.filter(
    (each) => each.check === check && isAbout(each, region) && each.state !== 'well',
  );
  const where = region ?? 'everywhere';
  if (own.length > 0)
    return own.flatMap((finding, index) => [...(index === 0 ? [] : ['\n']), ...findingLine(where, finding)]);
  const last = worstOf(views);
  const doubtful = last.filter(({ stand }) => stand.last.state === 'failed');
  const unseen = last.filter(({ stand }) => stand.verdict === 'unknown' && stand.last.state === 'unknown');
  const reason = views.find(({ stand }) => stand.verdict === 'well' && stand.last.state === 'well')?.stand.last.words;
  const isWell = views.some(({ stand }) => stand.verdict === 'well');
  if (!isWell && doubtful.length === 0)
    return [`${where} NOT SEEN: `, ...(unseen[0]?.stand.last.words ?? ['nothing answered yet'])];
  return [
    `${where} ${doubtful.length > 0 ? 'WELL SO FAR' : 'WELL'}: `,
    ...(doubtful.length > 0 ? doubts(doubtful) : (reason ?? ['nothing failed'])),
    unseen.length > 0 ? `; not seen: ${unseen.map(({ stand }) => stand.name).join(', ')}` : '',
  ];
}

/** More would push everything else off a phone. */
const MOST_DOUBTS = 2;

/** What failed and not often enough to count yet. */
const doubts = (doubtful: readonly View[]): Text => [
  ...doubtful
    .slice(0, MOST_DOUBTS)
    .flatMap(
      ({ from, stand }, index): Text => [
        `${index === 0 ? '' : '; '}${stand.name} failed ${stand.failures} in a row from ${from}: `,
        ...stand.last.words,
      ],
    ),
  doubtful.length > MOST_DOUBTS ? `; and ${doubtful.length - MOST_DOUBTS} more` : '',
];

/** The key says which region a finding belongs to; a database's primary has a region only in its words. */
const isAbout = ({ key }: Finding, region: Region | undefined): boolean =>
  region === undefined ? !/\/[a-z]{2}-[a-z]+-\d(\/|$)/.test(key) : key.split('/').includes(region);

function findingLine(
  where: string,
  { state, title, since, cause, flapping, silencedBy, consequenceOf }: Finding,
): Text {
  const word = state === 'unknown' ? 'NOT SEEN NOW' : flapping ? 'COMES AND GOES' : 'FAILING';
  const aside = [
    ...(silencedBy ? [`in maintenance ${silencedBy}`] : []),
    ...(consequenceOf ? [`because of ${consequenceOf}`] : []),
  ];
  return say`${where} ${word} since ${at(since)}: ${title}. ${cause}${aside.length > 0 ? ` (${aside.join(', ')})` : ''}`;
}

/** Of several who look at the same, whoever sees the worst, and the newest of those. */
function worstOf(views: readonly View[]): View[] {
  const rank = ({ stand }: View): number => (stand.last.state === 'failed' ? 0 : stand.last.state === 'well' ? 1 : 2);
  return [...Map.groupBy(views, ({ stand }) => stand.key).values()].flatMap(
    (same) =>
      [...same].sort((a, b) => rank(a) - rank(b) || b.stand.lastAt.getTime() - a.stand.lastAt.getTime())[0] ?? [],
  );
}
