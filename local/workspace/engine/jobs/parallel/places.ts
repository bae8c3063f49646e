/** What scripts of batch deployments read from their environment, in the driver's Python. */
export const PLACES = String.raw`
def prepare_places(settings):
    """What scripts of batch deployments read from their environment: where the model is, and where results go."""
    output = os.environ.get('AZURE_ML_OUTPUT_' + settings['output']) if settings.get('output') else None
    if output:
        os.environ['AZUREML_BI_OUTPUT_PATH'] = output if os.path.isdir(output) else os.path.dirname(output)
    model = os.environ.get('AZURE_ML_INPUT_' + settings['model']) if settings.get('model') else None
    if model:
        os.environ['AZUREML_MODEL_DIR'] = model_dir(model, settings['modelFolder'])

def model_dir(model, name):
    if os.path.isfile(model):
        return os.path.dirname(model)
    # A folder keeps its own name below the one that scripts are given.
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'azureml-models')
    os.makedirs(root, exist_ok=True)
    place = os.path.join(root, name)
    try:
        os.symlink(os.path.abspath(model), place, target_is_directory=True)
    except OSError:
        import shutil
        shutil.copytree(model, place, dirs_exist_ok=True)
    return root
`;
