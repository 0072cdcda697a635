import { z } from 'zod';

const Labels = z.record(z.string(), z.string());

/** What every stored object carries. Unknown fields are kept, as the API server keeps what it has a schema for. */
export const Metadata = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.number().int().optional(),
  creationTimestamp: z.string(),
  labels: Labels.optional(),
  annotations: Labels.optional(),
});

export const Condition = z.object({
  type: z.string(),
  status: z.enum(['True', 'False']),
  reason: z.string(),
  message: z.string(),
  lastUpdateTime: z.string(),
  lastTransitionTime: z.string(),
});
export type Condition = z.output<typeof Condition>;

export const DeploymentStatus = z.looseObject({
  observedGeneration: z.number().int(),
  replicas: z.number().int(),
  updatedReplicas: z.number().int(),
  readyReplicas: z.number().int(),
  availableReplicas: z.number().int(),
  unavailableReplicas: z.number().int().optional(),
  conditions: z.array(Condition),
});
export type DeploymentStatus = z.output<typeof DeploymentStatus>;

export const Deployment = z.looseObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('Deployment'),
  metadata: Metadata,
  spec: z.looseObject({
    replicas: z.number().int(),
    selector: z.looseObject({ matchLabels: Labels }),
    template: z.looseObject({}),
  }),
  status: DeploymentStatus,
});
export type Deployment = z.output<typeof Deployment>;

export const ConfigMap = z.looseObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ConfigMap'),
  metadata: Metadata,
  data: z.record(z.string(), z.string()).optional(),
});
export type ConfigMap = z.output<typeof ConfigMap>;

/** The sub-resource that autoscalers and we use: a number of replicas without the rest of the Deployment. */
export const Scale = z.looseObject({
  metadata: z.looseObject({ name: z.string().optional(), resourceVersion: z.string().optional() }).optional(),
  spec: z.looseObject({ replicas: z.number().int().optional() }).optional(),
});
