/** A region's door, a process of its own in the region's network namespace: `node door-program.ts FOLDER PLACE`. */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { doorFile, openDoor } from './door.ts';
import { Wiring } from './wiring.ts';

const [folder = '', place = ''] = process.argv.slice(2);
const door = await openDoor(folder, place);
process.on('SIGINT', () => undefined); // Ctrl-C is for the process that started us

// one line of JSON is an order, one line back says that it was carried out
createServer((control) => {
  control.on('error', () => control.destroy());
  createInterface({ input: control }).on('line', (line) => {
    void door.wire(Wiring.parse(JSON.parse(line))).then(
      () => control.write('done\n'),
      (error: unknown) => control.write(`${String(error).replaceAll('\n', ' ')}\n`),
    );
  });
}).listen(doorFile(folder, `${place}-control`));
