// What the tests of what must not be in a log have in common: calls of an administrator, and all
// secrets that they know.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/escaping.h"
#include "common/base/secret.h"
#include "common/token/envelope.h"
#include "tests/support/credentials.h"
#include "tests/support/house.h"
#include "tests/support/secret_search.h"

namespace usher {

class SecretsInLogs : public ::testing::Test {
 protected:
  using AuthenticationReply = ::authentication::AuthenticationReply;
  using AuthenticationRequest = ::authentication::AuthenticationRequest;
  using AuthStub = ::authentication::AuthenticationService::Stub;

  SecretsInLogs() {
    for (const std::string& service : House::Services()) before_[service] = house_.Log(service);
    search_.Add("the administrator's password", house_.acme().password);
    search_.Add("the API key's code", house_.acme().code);
    admin_ = SignInWithPassword(house_.acme().username, house_.acme().password);
  }

  // A secret that the test makes up.
  std::string NewSecret(const std::string& name) {
    const std::string secret = Base64Url(Secret::Random(15).Reveal());
    search_.Add(name, secret);
    return secret;
  }
  // Of a token only the signature is secret: the log may name its user and company.
  void AddToken(const std::string& name, absl::string_view token) {
    if (token.size() < token::kHeaderSize + token::kSignatureSize) return;
    search_.Add(name, token.substr(token::kHeaderSize, token::kSignatureSize));
  }
  void AddTokensOf(const AuthenticationReply& reply) {
    AddToken("an access token", reply.accesstoken());
    search_.Add("a refresh token", reply.refreshtoken());
    std::string bytes;
    constexpr size_t kSessionIdSize = 16;
    if (absl::WebSafeBase64Unescape(reply.refreshtoken(), &bytes) && !bytes.empty()) {
      search_.Add("the bytes of a refresh token", bytes.substr(kSessionIdSize));
    }
  }

  // Makes one call; what comes of it does not matter.
  template <class Stub, class Request, class Reply>
  static Reply Call(Stub& stub,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                    const Request& request, grpc::Status* status = nullptr) {
    grpc::ClientContext context;
    Reply reply;
    const grpc::Status ended = (stub.*method)(&context, request, &reply);
    if (status != nullptr) *status = ended;
    return reply;
  }
  template <class Request>
  Request AsAdmin() const {
    Request request;
    request.mutable_accessinfo()->set_accesstoken(admin_.accesstoken());
    return request;
  }
  AuthenticationReply Authenticate(const AuthenticationRequest& request) {
    AuthenticationReply reply = Call(house_.auth(), &AuthStub::authenticate, request);
    AddTokensOf(reply);
    return reply;
  }
  static AuthenticationRequest Password(const std::string& username, const std::string& password,
                                        const std::string& current = "") {
    AuthenticationRequest request = WithPassword("acme", username, password);
    request.mutable_usernamepasswordcredentials()->set_current(current);
    return request;
  }
  static AuthenticationRequest Refresh(const AuthenticationReply& session,
                                       const std::string& refresh_token) {
    AuthenticationRequest request;
    auto& credentials = *request.mutable_refreshtokencredentials();
    credentials.set_companyid("acme");
    credentials.set_principal("admin");
    credentials.set_refreshtoken(refresh_token);
    credentials.set_accesstoken(session.accesstoken());
    return request;
  }
  AuthenticationReply SignInWithPassword(const std::string& username, const std::string& password) {
    return Authenticate(Password(username, password));
  }
  std::string CreateMethod(const AuthenticationRequest& method, grpc::Status* status = nullptr) {
    auto request = AsAdmin<::authentication::AuthenticationCreateRequest>();
    *request.mutable_authenticationrequest() = method;
    return Call(house_.auth(), &AuthStub::authenticationCreate, request, status).userid();
  }

  // What a server has logged since the test began; stops it, so that all of it is there.
  std::string LogOf(const std::string& service) {
    EXPECT_EQ(house_.Stop(service), 0);
    const std::string log = house_.Log(service).substr(before_.at(service).size());
    house_.Start(service);
    return log;
  }
  static void ExpectNoSql(const std::string& service, const std::string& log) {
    for (const char* sql : {"SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", " WHERE ", "$1"}) {
      EXPECT_THAT(log, ::testing::Not(::testing::HasSubstr(sql))) << service;
    }
  }

  House& house_ = House::Get();
  std::map<std::string, std::string> before_;
  SecretSearch search_;
  AuthenticationReply admin_;
};

}  // namespace usher
