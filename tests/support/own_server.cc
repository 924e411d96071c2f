#include "tests/support/own_server.h"

#include <grpc/health/v1/health.grpc.pb.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/file_content.h"

namespace usher {
namespace {

constexpr absl::Duration kPatienceWithServer = absl::Seconds(60);

}  // namespace

OwnServer::OwnServer(Start start) {
  std::string pattern = "/tmp/usher_own_XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
  log_ = start.log.empty() ? folder_ + "/log" : start.log;
  std::vector<std::string> command = std::move(start.before);
  for (std::string& word : House::Get().Command(start.service)) command.push_back(std::move(word));
  command.insert(command.end(),
                 {"--listen=127.0.0.1:0", "--internal_listen=127.0.0.1:0", "--json_listen="});
  for (std::string& flag : start.flags) command.push_back(std::move(flag));
  process_ = std::make_unique<ChildProcess>(command, log_);
  if (!start.await_serving) return;
  if (!AwaitLog("\"message\":\"serving\"")) {
    throw std::runtime_error(absl::StrCat("it does not serve:\n", Log()));
  }
}

OwnServer::~OwnServer() {
  process_.reset();
  std::filesystem::remove_all(folder_);
}

std::string OwnServer::Address(const std::string& port) const {
  const std::string log = Log();
  const std::string before = absl::StrCat("\"port\":\"", port, "\",\"address\":\"");
  const size_t found = log.find(before);
  if (found == std::string::npos) throw std::runtime_error("it does not listen on " + port);
  const size_t begin = found + before.size();
  return log.substr(begin, log.find('"', begin) - begin);
}

std::string OwnServer::Log() const { return FileContent(log_); }

bool OwnServer::AwaitLog(const std::string& text) const {
  const absl::Time until = absl::Now() + kPatienceWithServer;
  while (Log().find(text) == std::string::npos) {
    if (absl::Now() > until || !process_->IsRunning()) return false;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return true;
}

std::shared_ptr<grpc::Channel> OwnServer::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(Address("public"), grpc::InsecureChannelCredentials(),
                                   arguments);
}

bool IsServing(const std::shared_ptr<grpc::Channel>& channel, absl::Duration patience) {
  using ::grpc::health::v1::Health;
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
  // A call that fails at once leaves the connection to a background poller of gRPC's, which looks
  // every five seconds.
  context.set_wait_for_ready(true);
  ::grpc::health::v1::HealthCheckResponse response;
  const grpc::Status status = Health::NewStub(channel)->Check(
      &context, ::grpc::health::v1::HealthCheckRequest(), &response);
  return status.ok() && response.status() == ::grpc::health::v1::HealthCheckResponse::SERVING;
}

}  // namespace usher
