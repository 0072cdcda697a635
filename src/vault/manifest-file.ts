import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { asDrError, canonicalJson, DrError } from '#core';
import { FORMAT_VERSION, MANIFEST_MAGIC, MAX_PLAIN_BYTES } from './format.ts';
import { type Manifest, ManifestBody, ManifestHeader } from './manifest.ts';
import { decrypt, encrypt } from './seal.ts';

/** Magic and the header's length: what stands before the header. */
const PREFIX_BYTES = MANIFEST_MAGIC.length + 4;

/**
 * A manifest's object: magic, length of the header, header (JSON, readable), nonce, body (zstd JSON under
 * AES-256-GCM), tag. All that stands before the nonce is authenticated with the body.
 */
export function encodeManifest(manifest: Manifest, key: Uint8Array, nonce: Uint8Array): Buffer {
  const header = Buffer.from(canonicalJson(ManifestHeader.parse(manifest.header)), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const front = Buffer.concat([MANIFEST_MAGIC, length, header]);
  const body = zstdCompressSync(canonicalJson(ManifestBody.parse(manifest.body)));
  return Buffer.concat([front, encrypt(body, key, nonce, front)]);
}

/**
 * The header alone, not authenticated: good for a list, not for a decision. Throws BACKUP_DAMAGED (permanent), or
 * FORMAT_TOO_NEW (permanent) when a newer Holdfast wrote it.
 */
export function decodeHeader(file: Buffer): ManifestHeader {
  return parse('header', () => ManifestHeader.parse(headerJson(file)));
}

/** The whole manifest, every byte of it authenticated. Throws as `decodeHeader` does. */
export function decodeManifest(file: Buffer, key: Uint8Array): Manifest {
  const header = decodeHeader(file);
  const front = file.subarray(0, PREFIX_BYTES + file.readUInt32LE(MANIFEST_MAGIC.length));
  const plain = decrypt(file.subarray(front.length), key, front);
  const body = parse('body', () => {
    const json = zstdDecompressSync(plain, { maxOutputLength: MAX_PLAIN_BYTES * 4 });
    return ManifestBody.parse(JSON.parse(json.toString('utf8')));
  });
  return { header, body };
}

function headerJson(file: Buffer): unknown {
  if (!file.subarray(0, MANIFEST_MAGIC.length).equals(MANIFEST_MAGIC)) throw damaged('is not one');
  const end = PREFIX_BYTES + file.readUInt32LE(MANIFEST_MAGIC.length);
  if (end > file.length) throw damaged('is cut short');
  const json: unknown = JSON.parse(file.toString('utf8', PREFIX_BYTES, end));
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  if (typeof version === 'number' && version > FORMAT_VERSION) {
    throw new DrError(
      'FORMAT_TOO_NEW',
      'permanent',
      `The backup has format ${version}; this Holdfast reads ${FORMAT_VERSION}.`,
      {
        hint: 'Restore it with the Holdfast version that made it, or a newer one.',
      },
    );
  }
  return json;
}

const damaged = (how: string, cause?: unknown): DrError =>
  new DrError('BACKUP_DAMAGED', 'permanent', `A manifest ${how}.`, { cause });

function parse<T>(part: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    const error = asDrError(thrown);
    throw error.code === 'UNEXPECTED' ? damaged(`has a ${part} that can't be read`, thrown) : error;
  }
}
