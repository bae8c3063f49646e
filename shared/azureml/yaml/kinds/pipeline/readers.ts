import { commandComponent } from '../component/command.ts';
import { parallelComponent } from '../parallel/component.ts';
import { sparkComponent } from '../spark/component.ts';
import { transferComponent } from '../transfer/component.ts';
import { pipelineComponent } from './component.ts';
import { ComponentShelf } from './components.ts';

/** A shelf for the components of one file. */
export function newShelf(): ComponentShelf {
  return new ComponentShelf({
    command: commandComponent,
    parallel: parallelComponent,
    pipeline: pipelineComponent,
    spark: sparkComponent,
    data_transfer: transferComponent,
  });
}
