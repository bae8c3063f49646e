/** Proposes points of a search space: Optuna's tree-structured estimator learns from what trials gave, Sobol's sequence spreads evenly. */
export const SCRIPT = String.raw`
import json, sys, warnings
warnings.simplefilter('ignore')

def answer(values):
    sys.stdout.write(json.dumps(values) + '\n')
    sys.stdout.flush()

def sobol(dimensions, seed):
    from scipy.stats import qmc
    engine = qmc.Sobol(d=dimensions, seed=seed)
    for line in sys.stdin:
        if 'ask' in json.loads(line):
            answer([float(value) for value in engine.random(1)[0]])

def bayesian(space, seed):
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True)
    study = optuna.create_study(direction='maximize', sampler=sampler)
    asked = {}
    for line in sys.stdin:
        message = json.loads(line)
        if 'ask' in message:
            trial = asked[message['ask']] = study.ask()
            answer([suggest(trial, *parameter) for parameter in space])
        elif message['value'] is None:
            study.tell(asked.pop(message['tell']), state=optuna.trial.TrialState.FAIL)
        else:
            study.tell(asked.pop(message['tell']), message['value'])

def suggest(trial, name, choices, low, high):
    if choices is not None:
        return trial.suggest_categorical(name, list(range(choices)))
    return trial.suggest_float(name, low, high)

order = json.loads(sys.argv[1])
if order['kind'] == 'sobol':
    sobol(order['dimensions'], order['seed'])
else:
    bayesian(order['space'], order['seed'])
`;
