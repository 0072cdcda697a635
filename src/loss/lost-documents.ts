import type { RawDocument, RequestId } from '#core';
import type { OpTime } from '#ports';
import type { Vault } from '#vault';
import { keptDocuments } from './keep-divergent.ts';
import type { LossWorld } from './loss-world.ts';
import { idOfDocument, idOfWrite, idText } from './lost-write.ts';
import { keyOf } from './receipt.ts';

export interface LostDocument {
  readonly namespace: string;
  readonly id: string;
  readonly document: RawDocument;
}

/**
 * What is known of the lost documents' content, by namespace and id: as the returned members had them, else as the vault's
 * entries made them. One of which the vault has only a change is not among them.
 */
export async function lostDocuments(
  world: Pick<LossWorld, 'history'>,
  vault: Vault,
  run: RequestId,
  forkedAt: OpTime,
): Promise<Map<string, LostDocument>> {
  const found = new Map<string, LostDocument>();
  const put = (namespace: string, document: RawDocument): void => {
    const id = idText(idOfDocument(document));
    found.set(keyOf({ namespace, id }), { namespace, id, document });
  };
  for await (const operation of world.history.leftInVault(run, forkedAt)) {
    const id = idOfWrite(operation);
    if (!id) continue;
    const { namespace } = operation;
    const key = keyOf({ namespace, id: idText(id) });
    const before = found.get(key);
    if (operation.operation === 'i') put(namespace, Buffer.from(operation.body));
    else if (operation.operation === 'd') found.delete(key);
    else {
      const after = world.history.after(operation, before?.document);
      if (after) put(namespace, after);
    }
  }
  for await (const { namespace, documents } of keptDocuments(vault, run)) {
    for (const document of documents) put(namespace, document);
  }
  return found;
}
