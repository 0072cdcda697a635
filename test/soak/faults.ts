import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { faultTable } from '../faults/fault-table.ts';
import { FAULTS } from '../faults/faults.ts';
import { type FaultRow, runFault } from '../faults/run-fault.ts';
import type { SoakGround } from './ground.ts';

const TABLE = join(import.meta.dirname, '../../docs/faults.md');

/** Breaks everything in turn and writes down what became of it. */
export async function faultsGround(): Promise<SoakGround> {
  return {
    async round(_, note) {
      const rows: FaultRow[] = [];
      for (const fault of FAULTS) {
        const row = await runFault(fault);
        note(`${row.fault}: ${row.found.join('; ') || 'nothing'}`);
        rows.push(row);
      }
      await writeFile(TABLE, faultTable(rows));
      return [];
    },
    stop: async () => undefined,
  };
}
