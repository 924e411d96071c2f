#include "tests/load/first_call.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace usher::load {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr absl::Duration kBetweenTries = absl::Microseconds(500);

// Tries without gRPC, whose pauses between attempts to connect are longer than a start should take.
bool Listens(const std::string& address) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(address, ':');
  uint32_t port = 0;
  sockaddr_in to{};
  to.sin_family = AF_INET;
  if (!absl::SimpleAtoi(parts.second, &port) ||
      inet_pton(AF_INET, parts.first.c_str(), &to.sin_addr) != 1) {
    return false;
  }
  to.sin_port = htons(static_cast<uint16_t>(port));
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected = connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0;
  close(socket);
  return connected;
}

absl::Status CallOnce(grpc::GenericStub& stub, const Scenario& scenario) {
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
  grpc::ByteBuffer reply;
  grpc::Status status;
  const auto reader =
      stub.PrepareUnaryCall(&context, scenario.method, scenario.requests.front(), &queue);
  reader->StartCall();
  reader->Finish(&reply, &status, &reply);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return absl::UnavailableError(status.error_message());
  return OutcomeOf(reply, scenario.shape);
}

absl::Status WaitUntilServed(const std::string& address, const Scenario& scenario) {
  const absl::Time give_up = absl::Now() + kPatience;
  while (!Listens(address)) {
    if (absl::Now() > give_up) return absl::DeadlineExceededError("it does not listen");
    absl::SleepFor(kBetweenTries);
  }
  grpc::GenericStub stub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  while (true) {
    const absl::Status outcome = CallOnce(stub, scenario);
    if (outcome.ok()) return outcome;
    if (absl::Now() > give_up) {
      return absl::DeadlineExceededError(absl::StrCat("it does not serve: ", outcome.message()));
    }
    absl::SleepFor(kBetweenTries);
  }
}

}  // namespace

absl::StatusOr<absl::Duration> TimeToFirstCall(const std::vector<std::string>& command,
                                               const std::string& log, const std::string& address,
                                               const Scenario& scenario) {
  if (command.empty() || Listens(address)) {
    return absl::InvalidArgumentError("no command given, or somebody else listens there");
  }
  std::vector<char*> arguments;
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  const absl::Time begin = absl::Now();
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    return absl::InvalidArgumentError(absl::StrCat("cannot start ", command.front()));
  }
  const absl::Status served = WaitUntilServed(address, scenario);
  const absl::Duration took = absl::Now() - begin;
  kill(pid, SIGTERM);
  int exit_status = 0;
  waitpid(pid, &exit_status, 0);
  if (!served.ok()) return served;
  return took;
}

}  // namespace usher::load
