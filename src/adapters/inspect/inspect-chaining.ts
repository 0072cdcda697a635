import { z } from 'zod';
import { askDatabase } from './ask-database.ts';

const Config = z.object({
  config: z.object({ settings: z.object({ chainingAllowed: z.boolean().optional() }).optional() }),
});

/**
 * Whether a secondary may copy from another secondary (settings.chainingAllowed; the server's default is that it may).
 * Throws DATABASE_UNAVAILABLE or DATABASE_REFUSED.
 */
export async function inspectChaining(uri: string): Promise<boolean> {
  const { config } = Config.parse(await askDatabase(uri, { replSetGetConfig: 1 }));
  return config.settings?.chainingAllowed ?? true;
}
