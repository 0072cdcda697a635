import { CALM, MINUTE, RULES } from './plan-words.ts';

/** Who would be called one after the other for a role, at a moment. */
export type Contacts = (role: string, at: number) => readonly string[];

export interface World {
  readonly contacts: Contacts;
  readonly everyone: readonly string[];
  readonly holidays: readonly string[];
}

/** A call that must happen. */
export interface Expected {
  readonly role: string | undefined;
  readonly person: string;
  readonly due: number;
}

interface Line {
  role: string;
  due: number;
  paged: number | undefined;
  last: readonly string[];
  wasEveryone: boolean;
  called: Set<string>;
  reached: Set<string>;
  releasedAt: number;
  has: { by: string; at: number; askAt: number; answerBy: number | undefined; snoozed: boolean } | undefined;
}

/** One incident as people would keep it on paper: who must be called when, and who has it. */
export class Paper {
  state: 'open' | 'over' = 'open';
  lines: Line[] = [];
  recoveringSince: number | undefined;
  readonly named = new Map<string, { person: string; at: number }>();
  readonly responders = new Set<string>();
  readonly causes = new Map<string, { role: string | undefined; isOver: boolean }>();
  readonly world: World;
  severity: string;

  constructor(world: World, severity: string, key: string, role: string | undefined, now: number) {
    this.world = world;
    this.severity = severity;
    this.causes.set(key, { role, isOver: false });
    this.begin(now, []);
  }

  /** When something is due next; undefined: nothing will be by itself. */
  next(): number | undefined {
    if (this.state !== 'open') return undefined;
    if (this.recoveringSince !== undefined) return this.recoveringSince + CALM;
    const times = this.lines.map((line) => (line.has ? (line.has.answerBy ?? line.has.askAt) : line.due));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Everything that is due by now, in its order. */
  settle(now: number): Expected[] {
    const calls: Expected[] = [];
    for (;;) {
      const due = this.next();
      if (due === undefined || due > now) return calls;
      if (this.recoveringSince !== undefined) {
        this.state = 'over';
        return calls;
      }
      const at = (line: Line): number => (line.has ? (line.has.answerBy ?? line.has.askAt) : line.due);
      const rank = (line: Line): number => (line.has ? (line.has.answerBy ? 0 : 2) : 1);
      const ready = this.lines.filter((line) => at(line) === due).sort((a, b) => rank(a) - rank(b));
      const [line] = ready;
      if (!line) return calls;
      if (!line.has) calls.push(...this.call(line, line.due, now));
      else if (line.has.answerBy === undefined) this.ask(line.has.by, now);
      else this.release(line, now);
    }
  }

  call(line: Line, due: number, now: number): Expected[] {
    const contacts = this.contactsOf(line.role, now);
    const commander = this.contactsOf('incident-commander', now)[0];
    const round = (skip: ReadonlySet<string>): { people: readonly string[]; all: boolean }[] => [
      ...contacts.filter((each) => !skip.has(each)).map((each) => ({ people: [each], all: false })),
      ...(commander && !contacts.includes(commander) && !skip.has(commander)
        ? [{ people: [commander], all: false }]
        : []),
      { people: this.world.everyone, all: true },
    ];
    const isLast = (people: readonly string[]): boolean => people.join() === line.last.join();
    const rest = line.wasEveryone ? [] : round(line.called).filter(({ people }) => !isLast(people));
    const again = round(new Set()).filter(({ people }) => !isLast(people));
    // the same again only where there is nobody else
    const step = rest[0] ?? again[0] ?? { people: this.world.everyone, all: true };
    if (rest.length === 0) line.called = new Set();
    line.last = step.people;
    line.wasEveryone = step.all;
    line.paged = now;
    line.due = this.escalate(now);
    for (const each of step.people) {
      line.called.add(each);
      line.reached.add(each);
    }
    return step.people.map((person) => ({ role: line.role, person, due }));
  }

  acknowledge(person: string, now: number): void {
    if (this.state !== 'open') return;
    const takes = this.lines.filter((line) => {
      const named = this.named.get(line.role);
      if (line.has) return named?.person === person && line.has.by !== person && named.at >= line.has.at;
      if (now <= line.releasedAt) return false;
      const isResponder = !this.rules().each && this.responders.has(person);
      return isResponder || line.reached.has(person) || this.contactsOf(line.role, now).includes(person);
    });
    if (takes.length === 0) this.confirm(person, now);
    for (const line of takes) {
      line.has = { by: person, at: now, askAt: now + this.rules().ask, answerBy: undefined, snoozed: false };
      this.named.set(line.role, { person, at: now });
    }
    if (takes.length > 0 && !this.rules().each) this.lines = this.lines.filter(({ has }) => has);
  }

  confirm(person: string, now: number): void {
    const theirs = this.lines.flatMap(({ has }) => (has?.by === person ? [has] : []));
    if (!theirs.some(({ answerBy, askAt }) => answerBy !== undefined && now >= askAt)) return;
    for (const has of theirs)
      Object.assign(has, { askAt: now + this.rules().ask, answerBy: undefined, snoozed: false });
  }

  isTheirs(person: string): boolean {
    return this.lines.some(({ has, last }) => (has ? has.by === person : last.includes(person)));
  }

  has(person: string): boolean {
    return this.lines.some(({ has }) => has?.by === person);
  }

  passOn(person: string, now: number): Expected[] {
    const theirs = this.lines.filter(({ has, last }) => (has ? has.by === person : last.includes(person)));
    return theirs.flatMap((line) => {
      if (this.named.get(line.role)?.person === person) this.named.delete(line.role);
      line.has = undefined;
      line.last = [person];
      line.called.add(person);
      line.reached.delete(person);
      line.releasedAt = now;
      return this.call(line, now, now);
    });
  }

  snooze(person: string, until: number): void {
    for (const { has } of this.lines) {
      if (has?.by === person) Object.assign(has, { askAt: until, answerBy: undefined, snoozed: true });
    }
  }

  severer(to: string, by: string, now: number): void {
    this.severity = to;
    const roles = this.rolesCalled();
    this.retime();
    this.begin(
      now,
      this.lines.filter(({ role, has }) => has && (has.by === by || !roles.includes(role))),
    );
  }

  milder(to: string, now: number): void {
    this.severity = to;
    const roles = this.rolesCalled();
    this.retime();
    const held = this.lines.filter(({ has }) => has);
    const enough = !this.rules().each && held.length > 0;
    const calling = enough ? [] : this.lines.filter(({ has, role }) => !has && roles.includes(role));
    for (const line of calling) if (line.paged !== undefined) line.due = this.escalate(line.paged);
    this.lines = [...held, ...calling];
    if (this.lines.length === 0) this.begin(now, []);
  }

  name(role: string, person: string, now: number): boolean {
    if (this.named.get(role)?.person === person) return false;
    this.named.set(role, { person, at: now });
    return true;
  }

  handOver(role: string, person: string, now: number): Expected[] {
    if (!this.name(role, person, now)) return [];
    this.lines.find((line) => line.role === role)?.reached.add(person);
    return [{ role, person, due: now }];
  }

  respond(person: string, now: number): Expected[] {
    this.responders.add(person);
    return [{ role: undefined, person, due: now }];
  }

  well(key: string, now: number): void {
    const cause = this.causes.get(key);
    if (!cause || cause.isOver) return;
    cause.isOver = true;
    if (this.state === 'open' && [...this.causes.values()].every(({ isOver }) => isOver)) this.recoveringSince = now;
  }

  /** Another cause, or one that was well. */
  worse(key: string, role: string | undefined, severity: string, now: number): void {
    this.causes.set(key, { role, isOver: false });
    this.recoveringSince = undefined;
    if (severity < this.severity) {
      this.severer(severity, 'holdfast', now);
      return;
    }
    const isEnough = !this.rules().each && this.lines.length > 0 && this.lines.every(({ has }) => has);
    if (isEnough) return;
    for (const each of this.rolesCalled()) {
      if (!this.lines.some((line) => line.role === each)) this.lines.push(fresh(each, now));
    }
  }

  end(): void {
    this.state = 'over';
  }

  again(now: number): void {
    this.state = 'open';
    this.recoveringSince = undefined;
    this.begin(now, []);
  }

  private begin(now: number, keep: readonly Line[]): void {
    const kept = new Set(keep.map(({ role }) => role));
    this.lines = [
      ...keep,
      ...this.rolesCalled()
        .filter((role) => !kept.has(role))
        .map((role) => fresh(role, now)),
    ];
  }

  private ask(person: string, now: number): void {
    for (const { has } of this.lines) {
      if (has?.by === person && has.answerBy === undefined && has.askAt <= now)
        has.answerBy = now + this.rules().confirm;
    }
  }

  private release(line: Line, now: number): void {
    const by = line.has?.by ?? '';
    if (this.named.get(line.role)?.person === by) this.named.delete(line.role);
    Object.assign(line, { has: undefined, last: [by], called: new Set(), paged: undefined, wasEveryone: false });
    Object.assign(line, { releasedAt: now, due: now });
  }

  private retime(): void {
    for (const { has } of this.lines) if (has && !has.snoozed) has.askAt = has.at + this.rules().ask;
  }

  private contactsOf(role: string, now: number): string[] {
    const named = this.named.get(role);
    return [...new Set([...(named ? [named.person] : []), ...this.world.contacts(role, now)])];
  }

  private rolesCalled(): string[] {
    const own = [...this.causes.values()].flatMap(({ role, isOver }) => (role && !isOver ? [role] : []));
    return [...new Set([...this.rules().roles, ...own])];
  }

  private escalate(paged: number): number {
    return Math.max(paged + MINUTE, this.rules().escalate(paged, this.world.holidays));
  }

  private rules() {
    const rules = RULES[this.severity];
    if (!rules) throw new Error(`no severity ${this.severity}`);
    return rules;
  }
}

const fresh = (role: string, now: number): Line => ({
  role,
  due: now,
  paged: undefined,
  last: [],
  wasEveryone: false,
  called: new Set(),
  reached: new Set(),
  releasedAt: Number.NEGATIVE_INFINITY,
  has: undefined,
});
