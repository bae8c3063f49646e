import { Members, type Json } from '../../../server/bodies.ts';
import { userError } from '../../../server/failures.ts';
import { readJob } from '../../jobs/readJob.ts';
import type { Action } from './action.ts';
import { submit } from './submit.ts';

/** An import of data from outside: checked and kept; its job fails and says that it is not offered here. */
export const importData: Action = {
  check: (_context, action) => {
    const definition = definitionIn(action);
    const members = new Members(definition, 'properties.action.dataImportDefinition');
    members.needed('source', members.object('source'));
    members.needed('assetName', members.text('assetName'));
  },
  run: (context, firing) => {
    const { source, dataUri, assetName } = definitionIn(firing.schedule.action);
    const outputs = { imported: { job_output_type: 'uri_folder', uri: dataUri, asset_name: assetName } };
    const job = readJob({
      jobType: 'Pipeline',
      experimentName: firing.schedule.name,
      jobs: { import_data: { type: 'import', source, outputs } },
    });
    return submit(context, firing, { job });
  },
};

function definitionIn(action: Json): Json {
  const members = new Members(action, 'properties.action');
  const definition = members.object('dataImportDefinition');
  if (definition) return definition;
  throw userError("The member 'properties.action.dataImportDefinition' is required.");
}
