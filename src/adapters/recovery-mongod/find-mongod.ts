import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The program that is named, or the mongod on PATH; undefined where it is not there or may not be run. */
export async function findMongod(named: string | undefined, searched: string): Promise<string | undefined> {
  const places = named === undefined ? searched.split(delimiter).map((folder) => join(folder, 'mongod')) : [named];
  for (const place of places) {
    const runs = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return place;
  }
  return undefined;
}
