import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  existingPath,
  refuse,
  required,
  requiredData,
  type CommandArea,
  type CommandHandler,
} from './read.ts';
import { uploadSummary } from './reports.ts';

/** `artifact.*`: what the older build artifacts offer. */
export const artifactCommands: CommandArea = {
  upload(command, step) {
    const artifact = required(command, 'artifactname');
    step.job.run.uploadArtifact(
      artifact,
      existingPath(command, 'file or folder'),
      command.properties.get('containerfolder'),
    );
  },
  associate(command, step) {
    const artifact = required(command, 'artifactname');
    const location = requiredData(command, 'location');
    const properties = [...command.properties].filter(([key]) => key !== 'artifactname');
    if (!command.properties.has('artifacttype') && step.job.hostType !== 'build') {
      throw refuse("The property 'artifacttype' is missing.");
    }
    step.job.run.associateArtifact(artifact, location, Object.fromEntries(properties));
  },
};

/** `build.*`: what a step may change about the run it belongs to. */
export const buildCommands: CommandArea = {
  uploadlog(command, step) {
    const file = existingPath(command, 'file');
    step.sink.attach('DistributedTask.Core.Log', path.basename(file), file);
  },
  uploadsummary: uploadSummary,
  updatebuildnumber: (command, step) =>
    step.job.run.setBuildNumber(requiredData(command, 'build number').trim()),
  addbuildtag: (command, step) => step.job.run.addTag(requiredData(command, 'tag').trim()),
};

/** `results.publish` and `codecoverage.publish`: the files are kept as attachments; nothing here counts what is in them. */
export const resultsCommands: CommandArea = { publish: keepFiles('resultfiles', 'TestResults') };
export const coverageCommands: CommandArea = { publish: keepFiles('summaryfile', 'CodeCoverage') };

function keepFiles(property: string, type: string): CommandHandler {
  return (command, step) => {
    const files = required(command, property).split(',');
    for (const file of files.map((one) => one.trim()).filter(Boolean)) {
      if (!existsSync(file)) throw refuse(`There is no file '${file}'.`);
      step.sink.attach(type, path.basename(file), file);
    }
  };
}
