import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { readFile } from 'node:fs/promises';
import { identityJson } from '../identity.ts';
import { listOf, type DevOpsContext, type DevOpsEnv } from '../context.ts';
import type { ReleaseSource, ReleaseTaskView } from '../releases.ts';
import { environmentOf } from './access.ts';
import { linksFor } from './links.ts';

const ATTEMPT = '/releases/:id/environments/:environmentId/attempts/:attempt/plan/:planId';

interface Where {
  readonly id: string;
  readonly environmentId: string;
  readonly attempt: string;
  readonly planId: string;
}

/** What tasks of one deployment attached, summaries among them: by type, and their content. */
export function releaseAttachmentRoutes(context: DevOpsContext, source: ReleaseSource): Hono<DevOpsEnv> {
  const routes = new Hono<DevOpsEnv>();
  const tasksAt = ({ id, environmentId, attempt, planId }: Where): readonly ReleaseTaskView[] => {
    const { environment } = environmentOf(source, Number(id), Number(environmentId));
    const deployment = environment.attempts.find((one) => one.attempt === Number(attempt));
    const phases = deployment?.phases.filter((one) => one.planId === planId.toLowerCase()) ?? [];
    return phases.flatMap((phase) => phase.jobs.flatMap((job) => job.tasks));
  };

  routes.get(`${ATTEMPT}/attachments/:type`, ({ req, json }) => {
    const where = req.param();
    const { release } = environmentOf(source, Number(where.id), Number(where.environmentId));
    const type = decodeURIComponent(where.type).toLowerCase();
    const links = linksFor(req.url, context);
    const found = tasksAt(where).flatMap((task) =>
      task.attachments
        .filter((one) => one.type.toLowerCase() === type)
        .map((one) => ({
          ...{ type: one.type, name: one.name, recordId: task.recordId, timelineId: where.planId },
          createdOn: task.finishTime ?? task.startTime,
          modifiedOn: task.finishTime ?? task.startTime,
          modifiedBy: identityJson(release.modifiedBy),
          _links: {
            self: {
              href: links.to(
                ...['releases', where.id, 'environments', where.environmentId, 'attempts', where.attempt],
                ...['plan', where.planId, 'timelines', where.planId, 'records', task.recordId],
                ...['attachments', one.type, one.name],
              ),
            },
          },
        })),
    );
    return json(listOf(found));
  });
  routes.get(
    `${ATTEMPT}/timelines/:timelineId/records/:recordId/attachments/:type/:name`,
    async ({ req, body }) => {
      const where = req.param();
      const [type, name] = [where.type, where.name].map((part) => decodeURIComponent(part).toLowerCase());
      const task = tasksAt(where).find((one) => one.recordId === where.recordId.toLowerCase());
      const found = task?.attachments.find(
        (one) => one.type.toLowerCase() === type && one.name.toLowerCase() === name,
      );
      if (!found) throw new HTTPException(404, { message: `There is no attachment ${where.name}.` });
      const content = new Uint8Array(await readFile(found.file)).buffer;
      return body(content, 200, { 'Content-Type': 'application/octet-stream' });
    },
  );
  return routes;
}
