"""A transport for the client's requests that answers by itself and writes down what was sent."""

import io
import json
from urllib.parse import parse_qs, unquote, urlparse

import requests
from azure.core.pipeline.transport import RequestsTransport
from azure.core.pipeline.transport._requests_basic import RequestsTransportResponse
from azure.core.rest._requests_basic import RestRequestsTransportResponse

from answers import WORKSPACE, answer

SENT = []


def install():
    """From now on nothing leaves this process."""
    RequestsTransport.send = _send


def _send(_transport, request, **_options):
    body = getattr(request, "body", None)
    if body is None:
        body = getattr(request, "content", None)
    address = urlparse(request.url)
    is_storage = ".core.windows.net" in address.netloc
    text = None if is_storage or body is None else body.decode() if isinstance(body, bytes) else body
    SENT.append(_note(request.method, address, text, is_storage))
    return _response(request, *answer(request.method, request.url, text))


def _note(method, address, text, is_storage):
    if is_storage:
        return {"method": method, "blob": address.path, "query": address.query}
    query = {key: values[0] for key, values in parse_qs(address.query).items()}
    path = address.path[len(WORKSPACE):] if address.path.startswith(WORKSPACE) else address.path
    path = unquote(path)
    return {"method": method, "path": path, "query": query, "body": json.loads(text) if text else None}


def _response(request, status, content, headers):
    response = requests.Response()
    response.status_code = status
    response._content = b"" if content is None else json.dumps(content).encode()
    response.raw = io.BytesIO(response._content)
    response.headers.update({"Content-Type": "application/json", **headers})
    response.url = request.url
    response.reason = "OK" if status < 400 else "Not Found"
    response.request = requests.Request(request.method, request.url).prepare()
    if not type(request).__module__.startswith("azure.core.rest"):
        return RequestsTransportResponse(request, response)
    rest = RestRequestsTransportResponse(request=request, internal_response=response)
    rest.read()
    return rest
