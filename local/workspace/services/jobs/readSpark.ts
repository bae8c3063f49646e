import { defined, type Json, Members } from '../../server/bodies.ts';
import { readInputs, readOutputs } from './readInputs.ts';

const MEMBERS: Readonly<Record<string, string>> = {
  SparkJobPythonEntry: 'file',
  SparkJobScalaEntry: 'className',
};

/** The members of a Spark job; it is accepted, and refused when it runs. */
export function readSpark(members: Members): Json {
  members.needed('codeId', members.text('codeId'));
  const entry = members.needed('entry', members.object('entry'));
  for (const name of ['archives', 'files', 'jars', 'pyFiles']) members.list(name);
  const resources = members.object('resources');
  for (const name of ['instanceType', 'runtimeVersion'])
    new Members(resources ?? {}, 'properties.resources').text(name);
  return defined({
    entry: readEntry(entry),
    args: members.text('args'),
    conf: members.texts('conf'),
    environmentVariables: members.texts('environmentVariables'),
    inputs: readInputs(members),
    outputs: readOutputs(members),
  });
}

function readEntry(entry: Json): Json {
  const members = new Members(entry, 'properties.entry');
  const type = members.needed(
    'sparkJobEntryType',
    members.word('sparkJobEntryType', ['SparkJobPythonEntry', 'SparkJobScalaEntry']),
  );
  const what = MEMBERS[type] ?? 'file';
  members.needed(what, members.text(what));
  return { ...entry, sparkJobEntryType: type };
}
