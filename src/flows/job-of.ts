/** The job behind a command: `restore swap` starts the job `restore-swap`. */
export const jobOf = (command: string): string => command.replaceAll(' ', '-');
