import { writeFile } from 'node:fs/promises';
import { generateSchema } from '../src/plan/index.ts';

// Written from the code, so that editors and Holdfast agree; a test fails while the file is older than the code.
await writeFile(new URL('../plan.schema.json', import.meta.url), `${JSON.stringify(generateSchema(), null, 2)}\n`);
