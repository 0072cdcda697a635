/** Why units stay, and until when at least. */
export class Reasons {
  readonly #byUnit = new Map<string, { readonly why: Set<string>; until: Date | undefined }>();

  add(unit: string, why: string, until?: Date): void {
    const known = this.#byUnit.get(unit) ?? { why: new Set<string>(), until: undefined };
    known.why.add(why);
    if (until && (!known.until || until > known.until)) known.until = until;
    this.#byUnit.set(unit, known);
  }

  of(unit: string): { readonly why: ReadonlySet<string>; readonly until: Date | undefined } | undefined {
    return this.#byUnit.get(unit);
  }
}
