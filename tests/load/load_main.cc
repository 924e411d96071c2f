// usher-load: makes load on the running services and prints what came of it, one JSON line each
// time. tests/load/run calls it; `usher-load --help` tells the commands.
#include <authentication/authenticationService.pb.h>
#include <google/protobuf/util/json_util.h>
#include <load.pb.h>
#include <sodium.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/status/try.h"
#include "tests/load/argon2_rate.h"
#include "tests/load/first_call.h"
#include "tests/load/generator.h"
#include "tests/load/json_pass.h"
#include "tests/load/scenario.h"
#include "tests/load/seeding.h"

ABSL_FLAG(std::string, seed_file, "", "JSON: what `seed` wrote, and the scenarios work on.");
ABSL_FLAG(std::string, scenario, "", "pass, first_call: what to call.");
ABSL_FLAG(std::string, address, "", "pass, first_call: host:port of the server.");
ABSL_FLAG(int32_t, outstanding, 64, "pass: calls that are out at any time.");
ABSL_FLAG(int32_t, channels, 1, "pass: connections, at least one for 64 outstanding calls.");
ABSL_FLAG(double, rate, 0,
          "pass: calls to start in a second, however many are outstanding; 0: closed loop.");
ABSL_FLAG(absl::Duration, patience, absl::InfiniteDuration(), "pass: deadline of each call.");
ABSL_FLAG(bool, json, false,
          "pass: the same calls as JSON, each outstanding one on a connection of its own.");
ABSL_FLAG(bool, may_be_refused, false,
          "pass: count calls that are refused for overload apart from errors.");
ABSL_FLAG(absl::Duration, duration, absl::Seconds(3), "pass, argon2: how long to measure.");
ABSL_FLAG(absl::Duration, warm_up, absl::Milliseconds(300), "pass: not measured, before that.");
ABSL_FLAG(int32_t, server_pid, 0, "pass: process whose processor time is read; 0: none.");
ABSL_FLAG(std::string, server_log, "/dev/null", "first_call: where the server's output goes.");
ABSL_FLAG(std::string, auth, "", "seed: address of usher-auth.");
ABSL_FLAG(std::string, user, "", "seed: address of usher-user.");
ABSL_FLAG(std::string, room, "", "seed: address of usher-room.");
ABSL_FLAG(std::string, company, "", "seed: address of usher-company, where there are --neighbors.");
ABSL_FLAG(std::string, operator_file, "",
          "seed: JSON with companyId, clientId and code of an API key that may do everything, and "
          "username and password of the administrator, who founds --neighbors.");
ABSL_FLAG(int32_t, people, 64, "seed: users to make.");
ABSL_FLAG(int32_t, rooms, 120, "seed: rooms to make.");
ABSL_FLAG(int32_t, neighbors, 0, "seed: companies to found beside the operator's.");

namespace usher::load {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  return content.str();
}

absl::StatusOr<v1::Seed> ReadSeed() {
  v1::Seed seed;
  const std::string path = absl::GetFlag(FLAGS_seed_file);
  if (path.empty()) return seed;
  ASSIGN_OR_RETURN(const std::string json, ReadFile(path));
  if (!google::protobuf::util::JsonStringToMessage(json, &seed).ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is not what `seed` wrote"));
  }
  return seed;
}

absl::Status Seed() {
  SeedOptions options;
  options.auth_address = absl::GetFlag(FLAGS_auth);
  options.user_address = absl::GetFlag(FLAGS_user);
  options.room_address = absl::GetFlag(FLAGS_room);
  options.people = absl::GetFlag(FLAGS_people);
  options.company_address = absl::GetFlag(FLAGS_company);
  options.rooms = absl::GetFlag(FLAGS_rooms);
  options.neighbors = absl::GetFlag(FLAGS_neighbors);
  ASSIGN_OR_RETURN(const std::string json, ReadFile(absl::GetFlag(FLAGS_operator_file)));
  // deploy/local/run writes the credentials under the names that they have on the wire.
  ::authentication::AuthorizationCodeCredentials key;
  ::authentication::UsernamePasswordCredentials administrator;
  google::protobuf::util::JsonParseOptions lenient;
  lenient.ignore_unknown_fields = true;
  if (!google::protobuf::util::JsonStringToMessage(json, &key, lenient).ok() ||
      !google::protobuf::util::JsonStringToMessage(json, &administrator, lenient).ok()) {
    return absl::InvalidArgumentError("--operator_file is no JSON object");
  }
  options.company_id = key.companyid();
  options.client_id = key.clientid();
  options.code = key.code();
  options.username = administrator.username();
  options.password = administrator.password();
  ASSIGN_OR_RETURN(const v1::Seed seed, SeedCompany(options));
  std::string written;
  if (!google::protobuf::util::MessageToJsonString(seed, &written).ok()) {
    return absl::InternalError("the seed does not become JSON");
  }
  std::ofstream file(absl::GetFlag(FLAGS_seed_file), std::ios::trunc);
  file << written << std::flush;
  if (!file) return absl::InvalidArgumentError("cannot write --seed_file");
  return absl::OkStatus();
}

double Micros(absl::Duration duration) { return absl::ToDoubleMicroseconds(duration); }

absl::Status RunOnePass() {
  ASSIGN_OR_RETURN(const v1::Seed seed, ReadSeed());
  ASSIGN_OR_RETURN(const Scenario scenario, MakeScenario(absl::GetFlag(FLAGS_scenario), seed));
  PassOptions options;
  options.address = absl::GetFlag(FLAGS_address);
  options.outstanding = absl::GetFlag(FLAGS_outstanding);
  options.channels = absl::GetFlag(FLAGS_channels);
  options.warm_up = absl::GetFlag(FLAGS_warm_up);
  options.duration = absl::GetFlag(FLAGS_duration);
  options.rate = absl::GetFlag(FLAGS_rate);
  options.patience = absl::GetFlag(FLAGS_patience);
  options.may_be_refused = absl::GetFlag(FLAGS_may_be_refused);
  options.server_pid = absl::GetFlag(FLAGS_server_pid);
  if (options.rate > 0 && scenario.next != nullptr) {
    return absl::InvalidArgumentError("calls that follow from each other have no --rate");
  }
  if (options.outstanding < 1 || options.channels < 1) {
    return absl::InvalidArgumentError("--outstanding and --channels must be 1 or more");
  }
  ASSIGN_OR_RETURN(const PassResult result, absl::GetFlag(FLAGS_json)
                                                ? RunJsonPass(options, scenario)
                                                : RunPass(options, scenario));
  if (result.errors > 0) std::cerr << "first error: " << result.first_error << "\n";
  const double calls = std::max(1.0, static_cast<double>(result.calls));
  std::cout << absl::StreamFormat(
                   R"({"calls": %d, "errors": %d, "refused": %d, "rate": %.1f, "p50_us": %.1f, )"
                   R"("p99_us": %.1f, "max_us": %.1f, "server_cpu_us": %.2f, )"
                   R"("client_cpu_us": %.2f, "reply_bytes": %.1f})",
                   result.calls, result.errors, result.refused,
                   static_cast<double>(result.calls) /
                       std::max(absl::ToDoubleSeconds(result.took), 1e-6),
                   Micros(result.median), Micros(result.percentile99), Micros(result.longest),
                   Micros(result.server_cpu) / calls, Micros(result.client_cpu) / calls,
                   static_cast<double>(result.reply_bytes) / calls)
            << std::endl;
  return absl::OkStatus();
}

absl::Status FirstCall(const std::vector<std::string>& command) {
  ASSIGN_OR_RETURN(const v1::Seed seed, ReadSeed());
  ASSIGN_OR_RETURN(const Scenario scenario, MakeScenario(absl::GetFlag(FLAGS_scenario), seed));
  ASSIGN_OR_RETURN(const absl::Duration took,
                   TimeToFirstCall(command, absl::GetFlag(FLAGS_server_log),
                                   absl::GetFlag(FLAGS_address), scenario));
  std::cout << absl::StreamFormat(R"({"milliseconds": %.1f})", absl::ToDoubleMilliseconds(took))
            << std::endl;
  return absl::OkStatus();
}

absl::Status Argon2() {
  std::cout << absl::StreamFormat(R"({"rate": %.1f})", Argon2Rate(absl::GetFlag(FLAGS_duration)))
            << std::endl;
  return absl::OkStatus();
}

absl::Status Run(const std::vector<std::string>& arguments) {
  const std::string command = arguments.empty() ? "" : arguments.front();
  if (command == "seed") return Seed();
  if (command == "pass") return RunOnePass();
  if (command == "argon2") return Argon2();
  if (command == "first_call") return FirstCall({arguments.begin() + 1, arguments.end()});
  return absl::InvalidArgumentError("commands: seed, pass, argon2, first_call; see --help");
}

}  // namespace
}  // namespace usher::load

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(absl::StrCat(
      "measures usher.\n"
      "  usher-load seed --auth= --user= --room= [--company=] --operator_file= --seed_file=\n"
      "  usher-load pass --scenario= --address= [--json] [--seed_file=] [--server_pid=]\n"
      "  usher-load argon2\n"
      "  usher-load first_call --scenario= --address= --seed_file= -- COMMAND...\n"
      "Scenarios: ",
      absl::StrJoin(usher::load::ScenarioNames(), ", "), ".\n"));
  std::vector<char*> positional = absl::ParseCommandLine(argc, argv);
  if (sodium_init() < 0) return 1;
  const absl::Status status = usher::load::Run({positional.begin() + 1, positional.end()});
  if (status.ok()) return 0;
  std::cerr << "usher-load: " << status.message() << "\n";
  return 1;
}
