#include "tests/support/house.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "common/db/json.h"
#include "common/db/migrator.h"
#include "common/token/token_signer.h"
#include "tests/support/file_content.h"
#include "tests/support/folders.h"
#include "tests/support/own_server.h"

namespace usher {
namespace {

constexpr absl::Duration kLongestStart = absl::Seconds(90);  // under sanitizers, on a busy machine
constexpr absl::Duration kLongestStop = absl::Seconds(60);

std::string Program(const std::string& service) {
  const char* build = std::getenv("USHER_SERVER_BUILD");
  return absl::StrCat(build == nullptr ? BinaryFolder() : build, "/bin/usher-", service);
}

std::string ServiceOf(const std::string& server) { return server.substr(0, server.find('.')); }

// The line that --bootstrap prints, among those that it logs.
std::map<std::string, std::string> BootstrapResult(const std::string& printed) {
  for (const absl::string_view line : absl::StrSplit(printed, '\n')) {
    if (absl::StrContains(line, "\"password\"")) return db::FromJson(line);
  }
  throw std::runtime_error(absl::StrCat("usher-auth --bootstrap printed ", printed));
}

}  // namespace

House& House::Get() {
  const char* const replicas = std::getenv("USHER_TEST_REPLICAS");
  static const std::unique_ptr<House> house(
      new House(nullptr, replicas == nullptr ? 1 : std::stoi(replicas)));
  return *house;
}

const std::vector<std::string>& House::Services() {
  static const auto* const services =
      new std::vector<std::string>{"auth", "user", "company", "room", "business-logic"};
  return *services;
}

std::string House::Replica(const std::string& service, int number) {
  return number == 1 ? service : absl::StrCat(service, ".", number);
}

std::vector<std::string> House::Servers() const {
  std::vector<std::string> servers;
  for (const std::string& service : Services()) {
    for (int number = 1; number <= replicas_; ++number) servers.push_back(Replica(service, number));
  }
  return servers;
}

// A short path: a socket's has at most 107 bytes.
House::House(Adapt adapt, int replicas) : adapt_(std::move(adapt)), replicas_(replicas) {
  // A channel without a running call is looked after by gRPC's background poller, every five
  // seconds unless told otherwise: so long would clients take to notice that a server went or came.
  setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "100", 1);
  // For the servers, where they are built with AddressSanitizer.
  setenv("LSAN_OPTIONS",
         absl::StrCat("print_suppressions=0:suppressions=", SourceFolder(),
                      "/tests/support/library_leaks.txt")
             .c_str(),
         0);
  std::string pattern = "/tmp/usher_house_XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no folder for the house");
  folder_ = pattern;
  try {
    StartAll();
  } catch (...) {
    servers_.clear();
    std::filesystem::remove_all(folder_);
    throw;
  }
}

House::~House() {
  for (const auto& [service, server] : servers_) server->Signal(SIGTERM);
  for (const auto& [service, server] : servers_) {
    try {
      server->Wait(kLongestStop);
    } catch (const std::exception&) {  // it is killed then
    }
  }
  servers_.clear();
  std::filesystem::remove_all(folder_);
}

void House::StartAll() {
  std::vector<std::string> certificates = {SourceFolder() + "/deploy/local/certificates",
                                           folder_ + "/certificates"};
  certificates.insert(certificates.end(), Services().begin(), Services().end());
  RunProgram(certificates);
  for (const std::string& service : Services()) {
    databases_[service] = std::make_unique<ScratchDatabase>();
    std::vector<std::string> migrate = {Program(service), "--migrate",
                                        "--database=" + databases_[service]->url()};
    RunProgram(migrate);
  }
  for (const char* company : {"operator", "acme", "globex"}) MakeTenant(company);
  auto keys = token::LoadSigningKeys(folder_ + "/keys");
  if (!keys.ok()) throw std::runtime_error(std::string(keys.status().message()));
  signing_keys_ = *std::move(keys);
  for (const std::string& server : Servers()) {
    // Back within moments after a restart.
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 50);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
    arguments.SetMaxReceiveMessageSize(16 * 1024 * 1024);
    channels_[server] = grpc::CreateCustomChannel(Socket(server, "public"),
                                                  grpc::InsecureChannelCredentials(), arguments);
    Launch(server);
  }
  auth_ = ::authentication::AuthenticationService::NewStub(channel("auth"));
  user_ = ::user::UserService::NewStub(channel("user"));
  company_ = ::companyService::CompanyService::NewStub(channel("company"));
  room_ = ::roomService::roomService::NewStub(channel("room"));
  business_logic_ =
      ::businessLogicService::BusinessLogicService::NewStub(channel("business-logic"));
  keys_ = ::usher::token::v1::KeyService::NewStub(channel("auth"));
  for (const std::string& server : Servers()) AwaitServing(server);
  for (const auto& [company, tenant] : tenants_) MakeProfile(tenant);
}

// Asks auth, and so comes when it serves.
void House::MakeProfile(const Tenant& tenant) {
  std::vector<std::string> command = Command("user");
  command.push_back("--bootstrap");
  command.push_back("--bootstrap_company_id=" + tenant.company);
  command.push_back("--bootstrap_user_id=" + tenant.administrator);
  RunProgram(command);
}

void House::MakeTenant(const std::string& company) {
  std::vector<std::string> auth = {Program("auth"), "--bootstrap",
                                   "--bootstrap_company_id=" + company,
                                   "--database=" + databases_.at("auth")->url()};
  for (const std::string& flag : OwnFlags("auth")) auth.push_back(flag);
  const std::map<std::string, std::string> made = BootstrapResult(RunProgram(auth));
  tenants_[company] = {made.at("companyId"),   made.at("username"), made.at("password"),
                       made.at("clientId"),    made.at("code"),     made.at("userId"),
                       made.at("clientUserId")};
  RunProgram({Program("company"), "--bootstrap", "--bootstrap_company_id=" + company,
              "--bootstrap_display_name=" + company, "--bootstrap_owner_id=" + made.at("userId"),
              "--database=" + databases_.at("company")->url()});
}

std::vector<std::string> House::OwnFlags(const std::string& service) const {
  if (service != "auth") return {};
  return {absl::StrCat("--signing_keys=", folder_, "/keys"),
          absl::StrCat("--pepper=", folder_, "/pepper"),
          // Many sign-ins, none of them worth attacking.
          "--hash_memory=65536", "--hash_passes=1",
          // All tests come from one source, and guess a lot: those of guessing start their own.
          "--throttle_free_guesses=0", "--throttle_account_guesses=0",
          "--throttle_source_guesses=0", "--throttle_source_resets=0"};
}

std::string House::Socket(const std::string& server, const std::string& kind) const {
  return absl::StrCat("unix:", folder_, "/", server, ".", kind);
}

std::string House::InternalAddress(const std::string& service) const {
  std::string address = Socket(service, "internal");
  for (int number = 2; number <= replicas_; ++number) {
    absl::StrAppend(&address, ",",
                    absl::StripPrefix(Socket(Replica(service, number), "internal"), "unix:"));
  }
  return address;
}

std::string House::CertificateFolder() const { return folder_ + "/certificates/"; }

std::vector<std::string> House::Command(const std::string& server) const {
  const std::string service = ServiceOf(server);
  const std::string certificates = CertificateFolder();
  std::vector<std::string> command = {
      Program(service),
      "--log_level=debug",  // whatever must not be in a log must not be in the longest one
      "--database=" + databases_.at(service)->url(),
      "--listen=" + Socket(server, "public"),
      "--json_listen=" + Socket(server, "json"),
      "--internal_listen=" + Socket(server, "internal"),
      absl::StrCat("--internal_ca=", certificates, "ca.pem"),
      absl::StrCat("--internal_certificate=", certificates, service, ".pem"),
      absl::StrCat("--internal_key=", certificates, service, ".key"),
  };
  for (const std::string& peer : Services()) {
    command.push_back(absl::StrCat("--", absl::StrReplaceAll(peer, {{"-", "_"}}),
                                   "_internal=", InternalAddress(peer)));
  }
  for (const std::string& flag : OwnFlags(service)) command.push_back(flag);
  return command;
}

void House::Launch(const std::string& server) {
  std::vector<std::string> command = Command(server);
  if (adapt_ != nullptr) command = adapt_(server, std::move(command));
  servers_[server] =
      std::make_unique<ChildProcess>(command, absl::StrCat(folder_, "/", server, ".log"));
}

void House::AwaitServing(const std::string& server) {
  const absl::Time until = absl::Now() + kLongestStart;
  while (!IsServing(channel(server), absl::Seconds(2))) {
    if (!servers_.at(server)->IsRunning() || absl::Now() > until) {
      throw std::runtime_error(absl::StrCat("usher-", server, " does not serve:\n", Log(server)));
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
}

void House::Kill(const std::string& server) {
  servers_.at(server)->Signal(SIGKILL);
  servers_.at(server)->Wait(kLongestStop);
}

int House::Stop(const std::string& server) {
  servers_.at(server)->Signal(SIGTERM);
  return servers_.at(server)->Wait(kLongestStop);
}

void House::Freeze(const std::string& server) { servers_.at(server)->Freeze(); }

void House::Thaw(const std::string& server) { servers_.at(server)->Signal(SIGCONT); }

void House::Start(const std::string& server) {
  Launch(server);
  AwaitServing(server);
}

void House::Restart(const std::string& server) {
  Kill(server);
  Start(server);
}

std::string House::Log(const std::string& server) const {
  return FileContent(absl::StrCat(folder_, "/", server, ".log"));
}

}  // namespace usher
