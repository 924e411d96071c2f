// What the files that build the requests of authorization_matrix.txt have in common.
#pragma once

#include <authentication/authenticationService.pb.h>
#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "tests/conformance/authorization_requests.h"

namespace usher {

// Throws std::runtime_error: the rpc is not asked with that.
[[noreturn]] void Unknown(const std::string& with);
void ExpectPlain(const Question& question);

bool IsOneself(const Question& question);

// Gives USER_SHOW, which only some hold, or COMPANY_LIST, which only the platform gives.
void Give(int permission, ::authentication::AuthenticationRequest* method);
// The method of the target that is to be made or changed. The secret stays what it was, so that
// what comes next finds it as it is.
void NameMethod(const Question& question, ::authentication::AuthenticationRequest* method);
void SetSecret(const Question& question, ::authentication::AuthenticationRequest* method);
// A method that nobody has.
void NewMethod(const Question& question, ::authentication::AuthenticationRequest* method);

std::string NewEmail();

using Filler = std::function<std::unique_ptr<google::protobuf::Message>(const Question&)>;
// By the type of the request: no two rpcs share one, but for the two names of the room service.
using Fillers = std::map<std::string, Filler>;

// `fill` takes a question and a request of any of these types, which is empty.
template <class... Requests, class Fills>
Fillers FillersOf(Fills fill) {
  Fillers fillers;
  (fillers.emplace(Requests::descriptor()->full_name(),
                   [fill](const Question& question) {
                     auto request = std::make_unique<Requests>();
                     fill(question, *request);
                     return request;
                   }),
   ...);
  return fillers;
}

// Of all services that the server has.
Fillers FillersOfAuth();
Fillers FillersOfUser();
Fillers FillersOfCompany();
Fillers FillersOfRoom();
Fillers FillersOfBusinessLogic();

}  // namespace usher
