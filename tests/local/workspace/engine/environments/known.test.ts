import assert from 'node:assert/strict';
import {
  curatedRequirements,
  imageRequirements,
} from '../../../../../local/workspace/engine/environments/known.ts';

describe('Curated environments and images', () => {
  it('stand for their main packages in the version of their name', () => {
    for (const name of ['AzureML-sklearn-1.5', 'sklearn-1.5', 'azureml-sklearn-1.5-ubuntu20.04-py38-cpu']) {
      const { lines, warnings } = curatedRequirements(name);
      assert.equal(lines[0], 'scikit-learn==1.5.*');
      assert.match(warnings[0] ?? '', new RegExp(`'${name}' is stood in for`));
    }
  });

  it('warn when they are made for accelerators', () => {
    assert.match(curatedRequirements('acpt-pytorch-2.2-cuda12.1').warnings[1] ?? '', /CUDA/);
    assert.match(
      imageRequirements('mcr.microsoft.com/azureml/openmpi4.1.0-cuda11.8-cudnn8-ubuntu22.04').warnings[0] ??
        '',
      /CUDA/,
    );
  });

  it('that are base images bring no packages', () => {
    for (const image of [
      'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04',
      'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04:20240101.v1',
      'python',
      'library/python:latest',
      'docker.io/python:3',
    ]) {
      assert.deepEqual(imageRequirements(image), { lines: [], python: undefined, warnings: [] });
    }
  });

  it('that are Python images pin Python', () => {
    assert.equal(imageRequirements('python:3.10-slim').python, '==3.10.*');
    assert.equal(imageRequirements('python:3.12.4').python, '==3.12.*');
  });

  it('lead from the image of a curated environment to its packages', () => {
    assert.equal(
      imageRequirements('mcr.microsoft.com/azureml/curated/sklearn-1.5:27').lines[0],
      'scikit-learn==1.5.*',
    );
  });

  it('that are in no list are refused by name', () => {
    assert.throws(
      () => curatedRequirements('AzureML-AutoML-DNN'),
      /The curated environment 'AzureML-AutoML-DNN' has no counterpart/,
    );
    assert.throws(
      () => imageRequirements('mycorp.azurecr.io/train:1'),
      /The image 'mycorp\.azurecr\.io\/train:1' has no counterpart/,
    );
  });
});
