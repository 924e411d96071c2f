#include "tests/load/json_pass.h"

#include <arpa/inet.h>
#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/http/json_writer.h"
#include "common/status/try.h"
#include "tests/load/processor_time.h"

namespace usher::load {
namespace {

using ::google::protobuf::DescriptorPool;
using ::google::protobuf::MethodDescriptor;

// The method with a path: that of the same name in the file, where this one is another name for it.
absl::StatusOr<const MethodDescriptor*> FindMethod(const std::string& wire_path) {
  const std::vector<std::string> parts = absl::StrSplit(wire_path, '/', absl::SkipEmpty());
  const auto* const service =
      parts.size() != 2 ? nullptr : DescriptorPool::generated_pool()->FindServiceByName(parts[0]);
  if (service == nullptr) return absl::InvalidArgumentError(absl::StrCat("no call ", wire_path));
  for (int i = 0; i < service->file()->service_count(); ++i) {
    const auto* const method = service->file()->service(i)->FindMethodByName(parts[1]);
    if (method != nullptr && method->options().HasExtension(google::api::http)) return method;
  }
  return absl::InvalidArgumentError(absl::StrCat(wire_path, " has no JSON path"));
}

absl::StatusOr<std::vector<std::string>> HttpRequests(const Scenario& scenario) {
  ASSIGN_OR_RETURN(const MethodDescriptor* const method, FindMethod(scenario.method));
  const std::string& path = method->options().GetExtension(google::api::http).post();
  const auto* const prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method->input_type());
  std::vector<std::string> requests;
  for (const grpc::ByteBuffer& bytes : scenario.requests) {
    grpc::Slice slice;
    const std::unique_ptr<google::protobuf::Message> message(prototype->New());
    if (!bytes.DumpToSingleSlice(&slice).ok() ||
        !message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()))) {
      return absl::InternalError("a request that is no message");
    }
    std::string json;
    http::WriteJson(*message, &json);
    requests.push_back(absl::StrCat("POST ", path,
                                    " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: usher-load\r\n"
                                    "Content-Type: application/json\r\nContent-Length: ",
                                    json.size(), "\r\n\r\n", json));
  }
  return requests;
}

absl::StatusOr<int> Connect(const std::string& address) {
  const std::vector<std::string> parts = absl::StrSplit(address, ':');
  sockaddr_in name = {};
  int port = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &port) ||
      inet_pton(AF_INET, parts[0].c_str(), &name.sin_addr) != 1) {
    return absl::InvalidArgumentError(absl::StrCat("no address: ", address));
  }
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<uint16_t>(port));
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (connect(descriptor, reinterpret_cast<sockaddr*>(&name), sizeof(name)) != 0) {
    close(descriptor);
    return absl::UnavailableError(absl::StrCat("nobody listens on ", address));
  }
  return descriptor;
}

struct Client {
  ~Client() {
    if (descriptor >= 0) close(descriptor);
  }
  int descriptor = -1;
  absl::Time started;
  std::string answer;  // so far
};

// The length of the whole answer; 0 while its head is not there.
size_t LengthOf(absl::string_view answer) {
  constexpr absl::string_view kLength = "content-length: ";
  const size_t end = answer.find("\r\n\r\n");
  const size_t field = answer.find(kLength);
  size_t length = 0;
  if (end == absl::string_view::npos || field > end) return 0;
  const absl::string_view value = answer.substr(field + kLength.size());
  return absl::SimpleAtoi(value.substr(0, value.find('\r')), &length) ? end + 4 + length : 0;
}

class JsonPass {
 public:
  JsonPass(const PassOptions& options, std::vector<std::string> requests)
      : options_(options), requests_(std::move(requests)), poll_(epoll_create1(EPOLL_CLOEXEC)) {}
  ~JsonPass() { close(poll_); }

  absl::StatusOr<PassResult> Run() {
    for (int i = 0; i < options_.outstanding; ++i) {
      clients_.push_back(std::make_unique<Client>());
      Client& client = *clients_.back();
      ASSIGN_OR_RETURN(client.descriptor, Connect(options_.address));
      epoll_event event = {};
      event.events = EPOLLIN;
      event.data.ptr = &client;
      epoll_ctl(poll_, EPOLL_CTL_ADD, client.descriptor, &event);
      RETURN_IF_ERROR(SendNext(client));
    }
    RETURN_IF_ERROR(ServeUntil(absl::Now() + options_.warm_up));
    result_ = {};
    latencies_.clear();
    const absl::Time began = absl::Now();
    const absl::Duration server_cpu = CpuOf(options_.server_pid);
    const absl::Duration client_cpu = OwnCpu();
    RETURN_IF_ERROR(ServeUntil(began + options_.duration));
    result_.took = absl::Now() - began;
    result_.server_cpu = CpuOf(options_.server_pid) - server_cpu;
    result_.client_cpu = OwnCpu() - client_cpu;
    std::sort(latencies_.begin(), latencies_.end());
    if (latencies_.empty()) return result_;
    result_.median = latencies_[latencies_.size() / 2];
    result_.percentile99 = latencies_[latencies_.size() * 99 / 100];
    result_.longest = latencies_.back();
    return result_;
  }

 private:
  absl::Status SendNext(Client& client) {
    const std::string& request = requests_[next_++ % requests_.size()];
    client.started = absl::Now();
    const ssize_t sent = send(client.descriptor, request.data(), request.size(), MSG_NOSIGNAL);
    return sent == static_cast<ssize_t>(request.size())
               ? absl::OkStatus()
               : absl::UnavailableError("a connection was closed");
  }

  absl::Status ServeUntil(absl::Time until) {
    std::array<epoll_event, 64> events;
    while (absl::Now() < until) {
      const int ready = epoll_wait(poll_, events.data(), events.size(), 15'000);
      if (ready == 0) return absl::DeadlineExceededError("calls did not come back");
      for (int i = 0; i < ready; ++i) {
        RETURN_IF_ERROR(Receive(*static_cast<Client*>(events[static_cast<size_t>(i)].data.ptr)));
      }
    }
    return absl::OkStatus();
  }

  absl::Status Receive(Client& client) {
    std::array<char, 64 * 1024> bytes;
    const ssize_t got = recv(client.descriptor, bytes.data(), bytes.size(), 0);
    if (got <= 0) return absl::UnavailableError("a connection was closed");
    client.answer.append(bytes.data(), static_cast<size_t>(got));
    const size_t length = LengthOf(client.answer);
    if (length == 0 || client.answer.size() < length) return absl::OkStatus();
    Count(client);
    client.answer.clear();
    return SendNext(client);
  }

  void Count(const Client& client) {
    if (!absl::StartsWith(client.answer, "HTTP/1.1 200 ") ||
        absl::StrContains(client.answer, "\"statusCode\"")) {
      if (result_.errors++ == 0) result_.first_error = client.answer;
      return;
    }
    ++result_.calls;
    result_.reply_bytes += static_cast<int64_t>(client.answer.size());
    latencies_.push_back(absl::Now() - client.started);
  }

  const PassOptions& options_;
  const std::vector<std::string> requests_;
  const int poll_;
  size_t next_ = 0;
  std::vector<std::unique_ptr<Client>> clients_;
  PassResult result_;
  std::vector<absl::Duration> latencies_;
};

}  // namespace

absl::StatusOr<PassResult> RunJsonPass(const PassOptions& options, const Scenario& scenario) {
  if (scenario.requests.empty() || options.rate > 0 || scenario.wanted_code != 0) {
    return absl::InvalidArgumentError("--json is for calls in a closed loop that succeed");
  }
  ASSIGN_OR_RETURN(std::vector<std::string> requests, HttpRequests(scenario));
  return JsonPass(options, std::move(requests)).Run();
}

}  // namespace usher::load
