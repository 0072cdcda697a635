/** What the adapters of Amazon's services share. */
export { sdkErrorFacts } from './sdk-error-facts.ts';
