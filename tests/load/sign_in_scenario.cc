#include "tests/load/sign_in_scenario.h"

#include <authentication/authenticationService.grpc.pb.h>
#include <authentication/authenticationService.pb.h>
#include <common/replyInfo.pb.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/status/try.h"
#include "tests/support/credentials.h"

namespace usher::load {
namespace {

using Person = v1::Seed::Person;

Scenario SignIn(
    const v1::Seed& seed,
    const std::function<authentication::AuthenticationRequest(const Person&)>& credentials_of) {
  Scenario scenario{"/authentication.AuthenticationService/authenticate", {}, ReplyShape::kWrapped};
  for (const Person& person : seed.people()) {
    authentication::AuthenticationRequest request = credentials_of(person);
    request.set_requestid(NewUuid());
    scenario.requests.push_back(Serialized(request));
  }
  return scenario;
}

Scenario SignInByPassword(const v1::Seed& seed) {
  return SignIn(seed, [&seed](const Person& person) {
    return WithPassword(seed.company_id(), person.username(), person.password());
  });
}

// Everybody is guessed at, each time with another password.
Scenario GuessPasswords(const v1::Seed& seed) {
  constexpr int kGuesses = 16;
  Scenario scenario{"/authentication.AuthenticationService/authenticate", {}, ReplyShape::kWrapped};
  scenario.wanted_code = ::common::AUTHENTICATION_ERROR;
  for (int i = 0; i < kGuesses; ++i) {
    const Scenario once = SignIn(seed, [&seed, i](const Person& person) {
      return WithPassword(seed.company_id(), person.username(), absl::StrCat("a guess ", i));
    });
    scenario.requests.insert(scenario.requests.end(), once.requests.begin(), once.requests.end());
  }
  return scenario;
}

authentication::AuthenticationRequest OfDirectory(const Person& person,
                                                  const std::string& company) {
  authentication::AuthenticationRequest request;
  request.mutable_ldapcredentials()->set_username(absl::StrCat(person.username(), "-colleague"));
  request.mutable_ldapcredentials()->set_password(person.password());
  request.mutable_ldapcredentials()->set_companyid(company);
  return request;
}

// People of a company's directory, which does not answer.
Scenario SignInByDirectory(const v1::Seed& seed) {
  Scenario scenario = SignIn(
      seed, [&seed](const Person& person) { return OfDirectory(person, seed.company_id()); });
  scenario.wanted_code = ::common::REMOTE_ERROR;
  return scenario;
}

// The same of all neighbors, in turn.
Scenario SignInByDirectories(const v1::Seed& seed) {
  if (seed.neighbors_size() == 0) return {};
  int next = 0;
  Scenario scenario = SignIn(seed, [&](const Person& person) {
    return OfDirectory(person, seed.neighbors(next++ % seed.neighbors_size()).company_id());
  });
  scenario.wanted_code = ::common::REMOTE_ERROR;
  return scenario;
}

Scenario SignInByCode(const v1::Seed& seed) {
  return SignIn(seed, [&seed](const Person& person) {
    return WithCode(seed.company_id(), person.client_id(), person.code());
  });
}

// What continues the session of a reply to authenticate.
grpc::ByteBuffer Refreshing(const std::string& company, const std::string& principal,
                            const authentication::AuthenticationReply& reply) {
  authentication::AuthenticationRequest request;
  request.set_requestid(NewUuid());
  auto* const credentials = request.mutable_refreshtokencredentials();
  credentials->set_principal(principal);
  credentials->set_companyid(company);
  credentials->set_refreshtoken(reply.refreshtoken());
  credentials->set_accesstoken(reply.accesstoken());
  return Serialized(request);
}

absl::StatusOr<authentication::AuthenticationReply> ReplyIn(const grpc::ByteBuffer& bytes) {
  grpc::Slice slice;
  authentication::AuthenticationReply reply;
  if (!bytes.DumpToSingleSlice(&slice).ok() ||
      !reply.ParseFromArray(slice.begin(), static_cast<int>(slice.size()))) {
    return absl::UnknownError("a reply that cannot be read");
  }
  return reply;
}

absl::StatusOr<grpc::ByteBuffer> OpenSession(
    authentication::AuthenticationService::StubInterface& stub, const v1::Seed& seed,
    const Person& person) {
  authentication::AuthenticationRequest request =
      WithCode(seed.company_id(), person.client_id(), person.code());
  request.set_requestid(NewUuid());
  grpc::ClientContext context;
  authentication::AuthenticationReply reply;
  const grpc::Status status = stub.authenticate(&context, request, &reply);
  if (!status.ok() || reply.refreshtoken().empty()) {
    return absl::UnknownError(absl::StrCat("no session to continue: ", status.error_message(),
                                           reply.replyinfo().statusmessage()));
  }
  return Refreshing(seed.company_id(), person.client_id(), reply);
}

// Each chain is a session that somebody's API key has opened, continued again and again.
Scenario Refresh(const v1::Seed& seed) {
  Scenario scenario{"/authentication.AuthenticationService/authenticate", {}, ReplyShape::kWrapped};
  scenario.open_chains = [seed](const std::string& address,
                                int chains) -> absl::StatusOr<std::vector<grpc::ByteBuffer>> {
    const auto stub = authentication::AuthenticationService::NewStub(
        grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
    std::vector<grpc::ByteBuffer> requests;
    for (int i = 0; i < chains; ++i) {
      ASSIGN_OR_RETURN(grpc::ByteBuffer request,
                       OpenSession(*stub, seed, seed.people(i % seed.people_size())));
      requests.push_back(std::move(request));
    }
    return requests;
  };
  std::map<std::string, std::string> clients;  // by user
  for (const Person& person : seed.people()) clients[person.user_id()] = person.client_id();
  scenario.next = [company = seed.company_id(), clients = std::move(clients)](
                      const grpc::ByteBuffer& bytes) -> absl::StatusOr<grpc::ByteBuffer> {
    ASSIGN_OR_RETURN(const authentication::AuthenticationReply reply, ReplyIn(bytes));
    const auto client = clients.find(reply.userid());
    if (client == clients.end()) return absl::UnknownError("a session of nobody");
    return Refreshing(company, client->second, reply);
  };
  return scenario;
}

// A mail to each.
Scenario PasswordReset(const v1::Seed& seed) {
  Scenario scenario{
      "/authentication.AuthenticationService/requestPasswordReset", {}, ReplyShape::kWrapped};
  for (const Person& person : seed.people()) {
    authentication::PasswordResetRequest request;
    request.mutable_accessinfo()->set_requestid(NewUuid());
    request.set_username(person.username());
    request.set_companyid(seed.company_id());
    scenario.requests.push_back(Serialized(request));
  }
  return scenario;
}

}  // namespace

ScenarioMakers SignInScenarios() {
  return {{"sign_in_password", SignInByPassword},
          {"sign_in_code", SignInByCode},
          {"sign_in_directory", SignInByDirectory},
          {"sign_in_directories", SignInByDirectories},
          {"guess", GuessPasswords},
          {"refresh", Refresh},
          {"password_reset", PasswordReset}};
}

}  // namespace usher::load
