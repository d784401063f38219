// A WebSocket whose other end is the test: it speaks Engine.IO 4 and Socket.IO packets as text.

export function fakeHall() {
  const calls = [];
  function open() {
    const socket = {
      sent: [],
      closed: false,
      onmessage: null,
      onclose: null,
      send: (text) => socket.sent.push(text),
      close: () => {
        socket.closed = true;
      },
    };
    calls.push(socket);
    return socket;
  }
  const last = () => calls[calls.length - 1];
  const hear = (text) => last().onmessage({ data: text });
  return {
    open,
    calls,
    last,
    hear,
    /** greets and accepts the namespace, as the server does */
    connect() {
      hear('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":16384}');
      hear('40/live,{"sid":"b"}');
    },
    drop: () => last().onclose({}),
    /** what was asked on the last call, in order */
    asked: () =>
      last()
        .sent.filter((text) => text.startsWith("42/live,"))
        .map((text) => {
          const [, id, json] = /^42\/live,(\d+)(.*)$/.exec(text);
          const [name, body] = JSON.parse(json);
          return { id, name, body };
        }),
    answer: (id, body) => hear(`43/live,${id}${JSON.stringify([body])}`),
    say: (name, body) => hear(`42/live,${JSON.stringify([name, body])}`),
  };
}
