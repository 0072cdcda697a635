/** Starting the sandbox for a person: its folder, its port, its page, what is printed. */
export { type CompanyPageOptions, startCompanyPage } from './company-page.ts';
export { makeFolder, sandboxFolder, startOver } from './folder.ts';
export { takeFolder } from './one-at-a-time.ts';
export { listenerOn, needPort, pagePort } from './port-in-use.ts';
export { Refusal } from './refusal.ts';
export { partLine, whereToGo } from './start-lines.ts';
export { START_HELP, startOptions } from './start-options.ts';
export { readState, removeState, SandboxState, writeState } from './state-file.ts';
export { openTourBook } from './tour-book.ts';
