import type { WorkspaceContext, WorkspaceService } from '../context.ts';

/** Starts what services do beside answering, and returns what ends it. */
export async function startServices(
  context: WorkspaceContext,
  services: readonly WorkspaceService[],
): Promise<() => Promise<void>> {
  const guarded = async (name: string, work: () => Promise<void> | undefined) => {
    try {
      await work();
    } catch (error) {
      context.log(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  };
  await Promise.all(services.map((service) => guarded(service.name, () => service.start?.(context))));
  return async () => {
    await Promise.all(services.map((service) => guarded(service.name, () => service.stop?.(context))));
  };
}
