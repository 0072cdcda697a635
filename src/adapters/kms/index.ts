export { type KmsOptions, kmsKeyService } from './kms-key-service.ts';
