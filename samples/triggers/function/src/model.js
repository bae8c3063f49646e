const NAME = /^[A-Za-z0-9][\w.-]{0,254}$/;

/**
 * The model an event tells of. Azure's samples write members with a capital letter, its SDKs without; and versions as
 * numbers or texts. Nothing goes on that is not a name: it ends up in a pipeline.
 */
export function readModel(data) {
  const members = Object.entries(data ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const { modelname, modelversion, modeltags } = Object.fromEntries(members);
  const [name, version] = [String(modelname), String(modelversion)];
  if (!NAME.test(name) || !NAME.test(version)) throw new Error('The event names no model that could be one.');
  return { name, version, tags: modeltags ?? {} };
}
