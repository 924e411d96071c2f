#include "tests/conformance/authorization_requests.h"

#include <memory>
#include <stdexcept>

#include "tests/conformance/request_filling.h"

namespace usher {
namespace {

using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;

const Fillers& AllFillers() {
  static const auto* const fillers = [] {
    auto* const all = new Fillers;
    for (Fillers (*of_service)() :
         {FillersOfAuth, FillersOfUser, FillersOfCompany, FillersOfRoom, FillersOfBusinessLogic}) {
      all->merge(of_service());
    }
    return all;
  }();
  return *fillers;
}

}  // namespace

std::unique_ptr<Message> RequestFor(const MethodDescriptor& method, const Question& question) {
  const auto found = AllFillers().find(method.input_type()->full_name());
  if (found == AllFillers().end()) {
    throw std::runtime_error("authorization_requests.cc knows nothing of " + method.full_name());
  }
  return found->second(question);
}

}  // namespace usher
