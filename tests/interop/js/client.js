// Runs one of gRPC's interop cases with grpc-js:
//   node client.js CASE HOST:PORT CA_FILE CERTIFICATE_FILE KEY_FILE
// Prints "ok CASE" and exits with 0, or says what was wrong and exits with 1.
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [name, target, ca, certificate, key] = process.argv.slice(2);
const gzip = grpc.compressionAlgorithms.gzip;
const noCompress = 2; // WriteFlags.NoCompress, which grpc-js does not export
const definition = loader.loadSync('grpc/testing/test.proto', {
  includeDirs: [path.join(__dirname, '..', 'protos')], keepCase: true, enums: String, defaults: true,
});
const testing = grpc.loadPackageDefinition(definition).grpc.testing;
const credentials = grpc.credentials.createSsl(fs.readFileSync(ca), fs.readFileSync(key), fs.readFileSync(certificate));

// What came compressed: grpc-js makes one gunzip for each such message.
const zlib = require('node:zlib');
const unzip = zlib.createGunzip;
let unzipped = 0;
Object.defineProperty(zlib, 'createGunzip', { value: (...args) => { unzipped += 1; return unzip(...args); } });

const connect = (options = {}) => new testing.TestService(target, credentials, options);
const zeros = (size) => ({ type: 'COMPRESSABLE', body: Buffer.alloc(size) });
const large = () => ({ response_type: 'COMPRESSABLE', response_size: 314159, payload: zeros(271828) });
const inputs = [27182, 8, 1828, 45904];
const outputs = [31415, 9, 2653, 58979];

const unary = (client, method, request, metadata = new grpc.Metadata()) => new Promise((resolve, reject) => {
  const answer = {};
  const call = client[method](request, metadata, { deadline: Date.now() + 20000 }, (error, response) => {
    answer.error = error;
    answer.response = response;
  });
  call.on('metadata', (headers) => { answer.headers = headers; });
  call.on('status', (status) => {
    answer.status = status;
    setImmediate(() => (answer.error ? reject(Object.assign(answer.error, { answer })) : resolve(answer)));
  });
});

const collect = (call) => new Promise((resolve) => {
  const result = { messages: [] };
  call.on('metadata', (headers) => { result.headers = headers; });
  call.on('data', (message) => result.messages.push(message.payload.body.length));
  call.on('error', (error) => { result.error = error; });
  call.on('status', (status) => { result.status = status; setImmediate(() => resolve(result)); });
});

const fails = async (promise, code, details) => {
  const error = await promise.then(() => assert.fail('the call succeeded'), (failure) => failure);
  assert.equal(error.code, code, error.message);
  if (details !== undefined) assert.equal(error.details, details);
};

const byPath = (client, method) => new Promise((resolve, reject) => {
  client.makeUnaryRequest(method, (value) => value, (value) => value, Buffer.alloc(0), { deadline: Date.now() + 20000 },
    (error, response) => (error ? reject(error) : resolve(response)));
});

const echoMetadata = () => {
  const metadata = new grpc.Metadata();
  metadata.set('x-grpc-test-echo-initial', 'test_initial_metadata_value');
  metadata.set('x-grpc-test-echo-trailing-bin', Buffer.from([0xab, 0xab, 0xab]));
  return metadata;
};

const checkEcho = (headers, trailers) => {
  assert.deepEqual(headers.get('x-grpc-test-echo-initial'), ['test_initial_metadata_value']);
  assert.deepEqual(trailers.get('x-grpc-test-echo-trailing-bin'), [Buffer.from([0xab, 0xab, 0xab])]);
};

const statusCase = async (client, message) => {
  const echo = { code: 2, message };
  await fails(unary(client, 'UnaryCall', { response_status: echo }), 2, message);
  const call = client.FullDuplexCall();
  const done = collect(call);
  call.write({ response_status: echo });
  call.end();
  const { status } = await done;
  assert.equal(status.code, 2);
  assert.equal(status.details, message);
};

const inputCall = (client, requests) => new Promise((resolve, reject) => {
  const call = client.StreamingInputCall(new grpc.Metadata(), { deadline: Date.now() + 20000 },
    (error, response) => (error ? reject(error) : resolve(response)));
  for (const request of requests) call.write(request);
  call.end();
});

const cases = {
  async empty_unary(client) {
    assert.deepEqual((await unary(client, 'EmptyCall', {})).response, {});
  },
  async large_unary(client) {
    const { response } = await unary(client, 'UnaryCall', large());
    assert.deepEqual(response.payload.body, Buffer.alloc(314159));
  },
  async client_streaming(client) {
    const response = await inputCall(client, inputs.map((size) => ({ payload: zeros(size) })));
    assert.equal(response.aggregated_payload_size, 74922);
  },
  async server_streaming(client) {
    const { messages, status } = await collect(client.StreamingOutputCall({ response_parameters: outputs.map((size) => ({ size })) }));
    assert.deepEqual(messages, outputs);
    assert.equal(status.code, 0);
  },
  async ping_pong(client) {
    const call = client.FullDuplexCall();
    const sizes = [];
    const done = new Promise((resolve) => call.on('status', resolve));
    const next = () => {
      const turn = sizes.length;
      if (turn === outputs.length) return call.end();
      return call.write({ response_parameters: [{ size: outputs[turn] }], payload: zeros(inputs[turn]) });
    };
    call.on('error', () => {});
    call.on('data', (message) => { sizes.push(message.payload.body.length); next(); });
    next();
    assert.equal((await done).code, 0);
    assert.deepEqual(sizes, outputs);
  },
  async empty_stream(client) {
    const call = client.FullDuplexCall();
    call.end();
    const { messages, status } = await collect(call);
    assert.deepEqual(messages, []);
    assert.equal(status.code, 0);
  },
  async custom_metadata(client) {
    const { headers, status } = await unary(client, 'UnaryCall', large(), echoMetadata());
    checkEcho(headers, status.metadata);
    const call = client.FullDuplexCall(echoMetadata());
    const done = collect(call);
    call.write({ response_parameters: [{ size: 314159 }], payload: zeros(271828) });
    call.end();
    const stream = await done;
    checkEcho(stream.headers, stream.status.metadata);
  },
  status_code_and_message: (client) => statusCase(client, 'test status message'),
  special_status_message: (client) => statusCase(client, '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n'),
  unimplemented_method: (client) => fails(byPath(client, '/grpc.testing.TestService/UnimplementedCall'), 12),
  unimplemented_service: (client) => fails(byPath(client, '/grpc.testing.UnimplementedService/UnimplementedCall'), 12),
  async cancel_after_begin(client) {
    await fails(new Promise((resolve, reject) => {
      const call = client.StreamingInputCall((error, response) => (error ? reject(error) : resolve(response)));
      setImmediate(() => call.cancel());
    }), 1);
  },
  async cancel_after_first_response(client) {
    const call = client.FullDuplexCall();
    const done = collect(call);
    call.on('data', () => call.cancel());
    call.write({ response_parameters: [{ size: 31415 }], payload: zeros(27182) });
    assert.equal((await done).status.code, 1);
  },
  async timeout_on_sleeping_server(client) {
    const call = client.FullDuplexCall(new grpc.Metadata(), { deadline: Date.now() + 50 });
    const done = collect(call);
    call.write({ response_parameters: [{ size: 1, interval_us: 10000000 }], payload: zeros(27182) });
    assert.equal((await done).status.code, 4);
  },
  async client_compressed_unary(client) {
    const zipped = connect({ 'grpc.default_compression_algorithm': gzip });
    await fails(unary(client, 'UnaryCall', { ...large(), expect_compressed: { value: true } }), 3);
    const compressed = await unary(zipped, 'UnaryCall', { ...large(), expect_compressed: { value: true } });
    assert.equal(compressed.response.payload.body.length, 314159);
    const plain = await unary(client, 'UnaryCall', { ...large(), expect_compressed: { value: false } });
    assert.equal(plain.response.payload.body.length, 314159);
    zipped.close();
  },
  async client_compressed_streaming(client) {
    const zipped = connect({ 'grpc.default_compression_algorithm': gzip });
    await fails(inputCall(client, [{ expect_compressed: { value: true }, payload: zeros(27182) }]), 3);
    const response = await new Promise((resolve, reject) => {
      const call = zipped.StreamingInputCall((error, answer) => (error ? reject(error) : resolve(answer)));
      call.write({ expect_compressed: { value: true }, payload: zeros(27182) });
      call.write({ expect_compressed: { value: false }, payload: zeros(45904) }, noCompress);
      call.end();
    });
    assert.equal(response.aggregated_payload_size, 73086);
    zipped.close();
  },
  async server_compressed_unary(client) {
    const compressed = await unary(client, 'UnaryCall', { ...large(), response_compressed: { value: true } });
    assert.equal(compressed.response.payload.body.length, 314159);
    assert.equal(unzipped, 1, 'the response came plain');
    const plain = await unary(client, 'UnaryCall', { ...large(), response_compressed: { value: false } });
    assert.equal(plain.response.payload.body.length, 314159);
    assert.equal(unzipped, 1, 'the response came compressed');
  },
  async server_compressed_streaming(client) {
    const { messages, status } = await collect(client.StreamingOutputCall({
      response_parameters: [{ size: 31415, compressed: { value: true } }, { size: 92653, compressed: { value: false } }],
    }));
    assert.deepEqual(messages, [31415, 92653]);
    assert.equal(status.code, 0);
    assert.equal(unzipped, 1, 'exactly one of the responses comes compressed');
  },
};

const run = async () => {
  if (!cases[name]) throw new Error(`there is no case ${name}`);
  const client = connect();
  await cases[name](client);
  client.close();
};
const limit = setTimeout(() => { console.error(`${name} did not end within 30 s`); process.exit(1); }, 30000);
run().then(
  () => { clearTimeout(limit); console.log(`ok ${name}`); process.exit(0); },
  (error) => { console.error(error); process.exit(1); });
