const LABEL_COLUMNS = 26;
const RESULT_COLUMNS = 17;

/** The lines 5 to 7 of the start; set-up printed the first four in the same columns. */
export const partLine = (number: number, label: string, result: string, ms?: number): string =>
  ` ${number}/7 ${label.padEnd(LABEL_COLUMNS)} ${result.padEnd(RESULT_COLUMNS)}${ms === undefined ? '' : minutesAndSeconds(ms)}`.trimEnd();

/** What a person does now. */
export const whereToGo = (page: string, stateFile: string): string => `
 Open this    ${page}
 You are      John Smith (change it top left)
 Try first    /dr backup mongodb
 Stop         Ctrl-C (stops everything, keeps the data)
 Start over   npm start -- --fresh
 Trouble      npm run -s dr -- doctor

 ... other addresses: ${stateFile}
`;

function minutesAndSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
