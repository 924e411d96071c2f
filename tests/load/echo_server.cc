// usher-echo: the bare echo on the server code of the five services, without the gate. What a call
// costs here it costs everywhere.
#include <load.pb.h>

#include <iostream>

#include "absl/time/time.h"
#include "common/rpc/call/service.h"
#include "common/server/options.h"
#include "common/server/server.h"
#include "common/server/stop_signal.h"

namespace usher::load {
namespace {

using v1::EchoReply;
using v1::EchoRequest;

class EchoRpc final : public rpc::Service {
 public:
  EchoRpc() {
    AddUnary(Expose("usher.load.v1.Echo"), "echo", [](rpc::RawCall& call) {
      EchoRequest request;
      EchoReply reply;
      call.ReadRequest(&request);
      reply.set_answer(request.token().substr(0, 60));
      call.Answer(rpc::Outcome(), reply, absl::InfiniteFuture(), nullptr);
    });
  }
};

int Run(const std::string& address) {
  server::WatchSignals(0);
  server::StopInOrder(absl::Seconds(30));
  EchoRpc echo;
  server::ListenOptions listen;
  listen.plain = address;
  const auto server = server::Server::Start(listen, {}, {&echo});
  if (!server.ok()) {
    std::cerr << "usher-echo: " << server.status().message() << "\n";
    return 1;
  }
  std::cout << (*server)->ports().front().address << std::endl;
  while (!server::WaitForStopSignal(absl::InfiniteDuration())) {
  }
  return 0;
}

}  // namespace
}  // namespace usher::load

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: usher-echo HOST:PORT (port 0: any; the address is printed)\n";
    return 2;
  }
  return usher::load::Run(argv[1]);
}
