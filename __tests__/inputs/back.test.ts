import { describe, expect, test } from '@jest/globals';
import { problemsOf } from '../../src/domain/problem.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { parsed, refusals, withInputs } from './env.ts';

type Inputs = Readonly<Record<string, string>>;
type Row = readonly [inputs: Inputs, problems: readonly string[]];

const TIME = '2026-03-01T12:00:00Z';
const told = (inputs: Inputs): string => {
  try {
    parsed(inputs);
  } catch (error) {
    return problemsOf(error)[0]?.detail ?? '';
  }
  return '';
};

describe('the database is an instance or a cluster', () => {
  test('a cluster alone is enough, and its kind is kept', () => {
    const request = parseInputs(withInputs({ 'db-cluster-identifier': 'shop', 'aws-region': 'eu-west-1' }));
    expect([request.instance, request.targetKind]).toEqual(['shop', 'cluster']);
  });

  test.each<Row>([
    [{ 'db-cluster-identifier': 'shop' }, ['input-invalid db-cluster-identifier']],
    [
      { 'db-instance-identifier': '', 'db-cluster-identifier': 'shop_1' },
      ['input-invalid db-cluster-identifier'],
    ],
    [
      { 'db-instance-identifier': '', 'db-cluster-identifier': 'shop', 'restored-identifier': 'shop' },
      ['input-invalid restored-identifier'],
    ],
    [{ 'db-instance-identifier': '', 'db-cluster-identifier': 'shop', confirm: 'shop' }, []],
  ])('%j', (inputs, expected) => {
    expect(refusals(inputs)).toEqual(expected);
  });
});

describe('a rollback goes back to one place', () => {
  test.each<Row>([
    [{ mode: 'rollback' }, ['input-missing run-id']],
    [{ mode: 'rollback', 'run-id': '81' }, []],
    [{ mode: 'rollback', 'restore-time': TIME }, []],
    [{ mode: 'rollback', 'snapshot-identifier': 'gm-shop-81-1' }, []],
    [{ mode: 'rollback', 'run-id': '81', 'restore-time': TIME }, ['input-invalid run-id']],
    [
      { mode: 'rollback', 'run-id': '81', 'restore-time': TIME, 'snapshot-identifier': 'gm-shop-81-1' },
      ['input-invalid snapshot-identifier', 'input-invalid run-id'],
    ],
    // What is wrong is told once, not as missing too.
    [{ mode: 'rollback', 'run-id': 'latest' }, ['input-invalid run-id']],
    [{ mode: 'rollback', 'run-id': 'latest', 'restore-time': TIME }, ['input-invalid run-id']],
  ])('%j', (inputs, expected) => {
    expect(refusals(inputs)).toEqual(expected);
  });

  test.each(['deploy', 'plan', 'cleanup', 'doctor'])('mode %s goes nowhere', (mode) => {
    expect(refusals({ mode, 'run-id': '81' })).toEqual(['input-invalid run-id']);
    expect(refusals({ mode, 'restore-time': TIME })).toEqual(['input-invalid restore-time']);
    expect(told({ mode, 'snapshot-identifier': 'gm-shop-81-1' })).toContain(`nothing in mode: ${mode}`);
    expect(refusals({ mode })).toEqual([]);
  });

  test('a mode that cannot be read brings no noise', () => {
    expect(refusals({ mode: 'undo', 'run-id': '81', promote: 'undo' })).toEqual(['input-invalid mode']);
  });
});

describe('a promotion knows what it cuts over to', () => {
  const mode = 'promote';
  const confirm = 'shop-prod';
  test.each<Row>([
    [{ mode, confirm }, ['input-missing restored-identifier']],
    [{ mode, confirm, 'run-id': '81-2' }, []],
    [{ mode, confirm, 'restored-identifier': 'shop-back' }, []],
    [{ mode, confirm, promote: 'undo' }, []],
    [{ mode, confirm, promote: 'sideways' }, ['input-invalid promote']],
    [{ mode, confirm, 'restored-identifier': 'shop_back' }, ['input-invalid restored-identifier']],
    [{ mode, confirm, 'run-id': '81', 'restore-time': TIME }, ['input-invalid restore-time']],
    [{ mode, 'run-id': '81' }, ['input-missing confirm']],
    [{ mode, promote: 'undo' }, ['input-missing confirm']],
    [{ mode }, ['input-missing restored-identifier', 'input-missing confirm']],
  ])('%j', (inputs, expected) => {
    expect(refusals(inputs)).toEqual(expected);
  });

  test.each(['deploy', 'plan', 'cleanup', 'doctor', 'rollback'])('undo has no place in mode %s', (other) => {
    const place = other === 'rollback' ? { 'run-id': '81', confirm } : {};
    expect(refusals({ mode: other, promote: 'undo', ...place })).toEqual(['input-invalid promote']);
  });
});

describe('what cuts over is typed twice', () => {
  const back = { mode: 'rollback', 'run-id': '81' } as const;
  test.each<Row>([
    [{ ...back, promote: 'rename' }, ['input-missing confirm']],
    [{ ...back, promote: 'proxy' }, ['input-missing confirm']],
    [{ ...back, promote: 'rename', confirm: 'shop-prod' }, []],
    [{ ...back, promote: 'rename', confirm: 'SHOP-PROD' }, []],
    [{ ...back, promote: 'rename', confirm: 'shop-dev' }, ['input-invalid confirm']],
    [{ ...back, promote: 'rename', confirm: 'shop_prod' }, ['input-invalid confirm']],
    [back, []],
    [{ ...back, confirm: 'shop-dev' }, ['input-invalid confirm']],
    [{ mode: 'deploy', promote: 'rename' }, []],
    [{ mode: 'deploy', promote: 'rename', 'wait-for-restore': 'false' }, ['input-invalid wait-for-restore']],
    [
      { ...back, promote: 'proxy', confirm: 'shop-prod', 'wait-for-restore': 'false' },
      ['input-invalid wait-for-restore'],
    ],
    [{ ...back, 'wait-for-restore': 'false' }, []],
    [{ mode: 'cleanup' }, []],
    [{ mode: 'cleanup', confirm: 'shop-prod' }, []],
    [{ mode: 'cleanup', confirm: 'shop' }, ['input-invalid confirm']],
    [{ 'db-instance-identifier': 'shop_prod', confirm: 'shop' }, ['input-invalid db-instance-identifier']],
  ])('%j', (inputs, expected) => {
    expect(refusals(inputs)).toEqual(expected);
  });

  test('the identifier to type is told', () => {
    expect(told({ ...back, promote: 'rename', confirm: 'shop-dev' })).toBe(
      'confirm: got shop-dev, expected the identifier of the database: shop-prod',
    );
  });
});
