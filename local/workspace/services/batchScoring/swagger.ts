import type { WorkspaceContext } from '../../context.ts';
import { batchAddress } from '../batchEndpoints/render.ts';

const NAME = { name: 'name', in: 'path', required: true, schema: { type: 'string' } };
const DATA = { type: 'object', additionalProperties: { type: 'object' } };
const JOB = answer('The job.', { type: 'object' });

/** What callers may send to one batch endpoint, as an OpenAPI 3 document: where its `swaggerUri` leads. */
export function swaggerOf(context: WorkspaceContext, endpoint: string): object {
  return {
    openapi: '3.0.1',
    info: { title: endpoint, version: '1.0', description: `Jobs of the batch endpoint ${endpoint}.` },
    servers: [{ url: batchAddress(context, endpoint) }],
    security: [{ directory: [] }],
    paths: {
      '/jobs': {
        post: {
          operationId: 'invoke',
          requestBody: { required: true, content: json(invocation()) },
          responses: { '200': JOB, '201': JOB },
        },
        get: { operationId: 'listJobs', responses: { '200': answer('Its jobs.', { type: 'object' }) } },
      },
      '/jobs/{name}': { get: { operationId: 'getJob', parameters: [NAME], responses: { '200': JOB } } },
      '/jobs/{name}/cancel': {
        post: {
          operationId: 'cancelJob',
          parameters: [NAME],
          responses: {
            '200': { description: 'It has ended already.' },
            '202': { description: 'It is being canceled.' },
          },
        },
      },
    },
    components: {
      securitySchemes: { directory: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function invocation(): object {
  const properties = {
    name: { type: 'string' },
    experimentName: { type: 'string' },
    inputData: DATA,
    outputData: DATA,
    miniBatchSize: { type: 'integer', minimum: 1 },
    errorThreshold: { type: 'integer', minimum: -1 },
    outputFileName: { type: 'string' },
    compute: { type: 'object', properties: { instanceCount: { type: 'integer', minimum: 1 } } },
    retrySettings: {
      type: 'object',
      properties: { maxRetries: { type: 'integer', minimum: 0 }, timeout: { type: 'string' } },
    },
  };
  return { type: 'object', properties: { properties: { type: 'object', properties } } };
}

function answer(description: string, schema: object): object {
  return { description, content: json(schema) };
}

function json(schema: object): object {
  return { 'application/json': { schema } };
}
