import assert from 'node:assert/strict';
import { meetsPin } from '../../../../../local/workspace/engine/environments/pythonPin.ts';

describe('A Python pin', () => {
  for (const [pin, meets, fails] of [
    ['==3.11.*', '3.11.7', '3.12.1'],
    ['==3.11', '3.11.7', '3.1.11'],
    ['==3.11.7', '3.11.7', '3.11.8'],
    ['>=3.9,<3.12', '3.11.99', '3.12.0'],
    ['>3.9', '3.10.0', '3.9.18'],
    ['<=3.10', '3.10.13', '3.11.0'],
    ['!=3.10.*', '3.11.0', '3.10.2'],
    ['~=3.9', '3.13.0', '3.8.1'],
    ['~=3.9.1', '3.9.18', '3.10.0'],
  ] as const) {
    it(`'${pin}' is met by ${meets} and not by ${fails}`, () => {
      assert.equal(meetsPin(meets, pin), true);
      assert.equal(meetsPin(fails, pin), false);
    });
  }

  it('that cannot be read is met by nothing', () => assert.equal(meetsPin('3.11.0', '==3.11rc1'), false));
});
