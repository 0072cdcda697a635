import { BackupId } from '#core';

/** The backup that somebody named, in whatever case they typed it; undefined when that is no backup's id. */
export function backupIdIn(typed: string): BackupId | undefined {
  return BackupId.safeParse(typed.toUpperCase().replace(/[A-Z]$/, (letter) => letter.toLowerCase())).data;
}
