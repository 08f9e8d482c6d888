"""Runs one of gRPC's interop cases with grpcio:

    python3 client.py CASE HOST:PORT CA_FILE CERTIFICATE_FILE KEY_FILE DESCRIPTOR_FILE

DESCRIPTOR_FILE is what protoc's --descriptor_set_out wrote for grpc/testing/test.proto with its imports. Prints "ok CASE" and
exits with 0, or says what was wrong and exits with 1.
"""
import queue
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

NAME, TARGET, CA, CERTIFICATE, KEY, DESCRIPTORS = sys.argv[1:7]
TIMEOUT = 20
INPUTS = [27182, 8, 1828, 45904]
OUTPUTS = [31415, 9, 2653, 58979]
SERVICE = "/grpc.testing.TestService/"


def read(path):
    with open(path, "rb") as file:
        return file.read()


def load():
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(read(DESCRIPTORS)).file:
        pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return lambda name: factory.GetPrototype(pool.FindMessageTypeByName("grpc.testing." + name))


message = load()
Empty, Payload, EchoStatus = message("Empty"), message("Payload"), message("EchoStatus")
SimpleRequest, SimpleResponse = message("SimpleRequest"), message("SimpleResponse")
InputRequest, InputResponse = message("StreamingInputCallRequest"), message("StreamingInputCallResponse")
OutputRequest, OutputResponse = message("StreamingOutputCallRequest"), message("StreamingOutputCallResponse")
Parameters, BoolValue = message("ResponseParameters"), message("BoolValue")


class Client:
    def __init__(self):
        credentials = grpc.ssl_channel_credentials(read(CA), read(KEY), read(CERTIFICATE))
        self.channel = grpc.secure_channel(TARGET, credentials)

    def call(self, shape, method, request, response):
        return getattr(self.channel, shape)(
            method if method.startswith("/") else SERVICE + method,
            request_serializer=request.SerializeToString, response_deserializer=response.FromString)

    @property
    def empty(self):
        return self.call("unary_unary", "EmptyCall", Empty, Empty)

    @property
    def unary(self):
        return self.call("unary_unary", "UnaryCall", SimpleRequest, SimpleResponse)

    @property
    def output(self):
        return self.call("unary_stream", "StreamingOutputCall", OutputRequest, OutputResponse)

    @property
    def input(self):
        return self.call("stream_unary", "StreamingInputCall", InputRequest, InputResponse)

    @property
    def duplex(self):
        return self.call("stream_stream", "FullDuplexCall", OutputRequest, OutputResponse)


def zeros(size):
    return Payload(body=bytes(size))


def large(**more):
    return SimpleRequest(response_size=314159, payload=zeros(271828), **more)


def asking(*sizes, **more):
    return OutputRequest(response_parameters=[Parameters(size=size) for size in sizes], **more)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def fails(code, action, details=None):
    try:
        action()
    except grpc.RpcError as error:
        check(error.code() == code, f"{error.code()}: {error.details()} instead of {code}")
        check(details is None or error.details() == details, f"details {error.details()!r} instead of {details!r}")
        return
    raise AssertionError(f"the call succeeded instead of {code}")


def empty_unary(client):
    check(client.empty(Empty(), timeout=TIMEOUT) == Empty(), "not empty")


def large_unary(client):
    check(client.unary(large(), timeout=TIMEOUT).payload.body == bytes(314159), "other bytes")


def client_streaming(client):
    response = client.input((InputRequest(payload=zeros(size)) for size in INPUTS), timeout=TIMEOUT)
    check(response.aggregated_payload_size == 74922, response)


def server_streaming(client):
    sizes = [len(each.payload.body) for each in client.output(asking(*OUTPUTS), timeout=TIMEOUT)]
    check(sizes == OUTPUTS, sizes)


def ping_pong(client):
    requests = queue.Queue()
    responses = client.duplex(iter(requests.get, None), timeout=TIMEOUT)
    for sent, wanted in zip(INPUTS, OUTPUTS):
        requests.put(asking(wanted, payload=zeros(sent)))
        check(len(next(responses).payload.body) == wanted, "another size")
    requests.put(None)
    check(list(responses) == [], "more than was asked for")


def empty_stream(client):
    call = client.duplex(iter(()), timeout=TIMEOUT)
    check(list(call) == [] and call.code() == grpc.StatusCode.OK, "not empty")


def custom_metadata(client):
    echo = (("x-grpc-test-echo-initial", "test_initial_metadata_value"), ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab"))
    _, call = client.unary.with_call(large(), metadata=echo, timeout=TIMEOUT)
    check(echo[0] in call.initial_metadata(), call.initial_metadata())
    check(echo[1] in call.trailing_metadata(), call.trailing_metadata())
    call = client.duplex(iter([asking(314159)]), metadata=echo, timeout=TIMEOUT)
    check(len(list(call)) == 1, "another number of responses")
    check(echo[0] in call.initial_metadata(), call.initial_metadata())
    check(echo[1] in call.trailing_metadata(), call.trailing_metadata())


def with_status(client, text):
    status = EchoStatus(code=2, message=text)
    fails(grpc.StatusCode.UNKNOWN, lambda: client.unary(SimpleRequest(response_status=status), timeout=TIMEOUT), text)
    fails(grpc.StatusCode.UNKNOWN, lambda: list(client.duplex(iter([OutputRequest(response_status=status)]), timeout=TIMEOUT)), text)


def status_code_and_message(client):
    with_status(client, "test status message")


def special_status_message(client):
    with_status(client, "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n")


def unimplemented_method(client):
    call = client.call("unary_unary", "UnimplementedCall", Empty, Empty)
    fails(grpc.StatusCode.UNIMPLEMENTED, lambda: call(Empty(), timeout=TIMEOUT))


def unimplemented_service(client):
    call = client.call("unary_unary", "/grpc.testing.UnimplementedService/UnimplementedCall", Empty, Empty)
    fails(grpc.StatusCode.UNIMPLEMENTED, lambda: call(Empty(), timeout=TIMEOUT))


def cancel_after_begin(client):
    requests = queue.Queue()
    call = client.input.future(iter(requests.get, None), timeout=TIMEOUT)
    check(call.cancel(), "not cancelled")
    check(call.code() == grpc.StatusCode.CANCELLED, call.code())
    requests.put(None)


def cancel_after_first_response(client):
    requests = queue.Queue()
    call = client.duplex(iter(requests.get, None), timeout=TIMEOUT)
    requests.put(asking(31415, payload=zeros(27182)))
    next(call)
    call.cancel()
    try:
        fails(grpc.StatusCode.CANCELLED, lambda: next(call))
    finally:
        requests.put(None)


def timeout_on_sleeping_server(client):
    request = OutputRequest(response_parameters=[Parameters(size=1, interval_us=10000000)], payload=zeros(27182))
    fails(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: list(client.duplex(iter([request]), timeout=0.05)))


def client_compressed_unary(client):
    fails(grpc.StatusCode.INVALID_ARGUMENT, lambda: client.unary(large(expect_compressed=BoolValue(value=True)), timeout=TIMEOUT))
    response = client.unary(large(expect_compressed=BoolValue(value=True)), timeout=TIMEOUT, compression=grpc.Compression.Gzip)
    check(len(response.payload.body) == 314159, "another size")
    response = client.unary(large(expect_compressed=BoolValue(value=False)), timeout=TIMEOUT)
    check(len(response.payload.body) == 314159, "another size")


def client_compressed_streaming(client):
    # grpcio cannot switch compression off for one message of a compressed stream, so each kind has its stream.
    true, false = BoolValue(value=True), BoolValue(value=False)
    fails(grpc.StatusCode.INVALID_ARGUMENT,
          lambda: client.input(iter([InputRequest(expect_compressed=true, payload=zeros(27182))]), timeout=TIMEOUT))
    for flag, compression in ((true, grpc.Compression.Gzip), (false, grpc.Compression.NoCompression)):
        requests = [InputRequest(expect_compressed=flag, payload=zeros(size)) for size in (27182, 45904)]
        response = client.input(iter(requests), timeout=TIMEOUT, compression=compression)
        check(response.aggregated_payload_size == 73086, response)


def server_compressed_unary(client):
    for flag in (True, False):
        response = client.unary(large(response_compressed=BoolValue(value=flag)), timeout=TIMEOUT)
        check(response.payload.body == bytes(314159), "other bytes")


def server_compressed_streaming(client):
    request = OutputRequest(response_parameters=[
        Parameters(size=31415, compressed=BoolValue(value=True)), Parameters(size=92653, compressed=BoolValue(value=False))])
    sizes = [len(each.payload.body) for each in client.output(request, timeout=TIMEOUT)]
    check(sizes == [31415, 92653], sizes)


if __name__ == "__main__":
    case = globals().get(NAME)
    if case is None:
        sys.exit(f"there is no case {NAME}")
    runner = Client()
    case(runner)
    runner.channel.close()
    print(f"ok {NAME}")
