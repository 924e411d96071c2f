// Every request message of every service through the gate, into bodies over fake stores.
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <memory>
#include <string>

#include "common/base/log.h"
#include "tests/fuzz/every_service.h"
#include "tests/fuzz/property.h"
#include "tests/support/fake_incoming.h"

namespace {

using namespace usher;
using google::protobuf::internal::WireFormatLite;

// The fakes keep what was made; an input that needs others before it is found again by luck.
constexpr int kInputsOfOne = 200;

// What the second byte chooses.
constexpr uint8_t kWithToken = 1;
constexpr uint8_t kWithIdempotencyKey = 2;
constexpr uint8_t kAsPeer = 4;

// A sub-message on the wire adds to what is there already (protobuf, "Last One Wins").
void AddToken(const rpc::Method& method, const std::string& token, std::string* request) {
  ::common::AccessInfo access;
  access.set_accesstoken(token);
  if (method.request_type->GetDescriptor() == ::common::AccessInfo::descriptor()) {
    request->append(access.SerializeAsString());
    return;
  }
  if (method.access_info_field == 0) return;
  google::protobuf::io::StringOutputStream out(request);
  google::protobuf::io::CodedOutputStream bytes(&out);
  WireFormatLite::WriteTag(method.access_info_field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED,
                           &bytes);
  bytes.WriteVarint32(static_cast<uint32_t>(access.ByteSizeLong()));
  bytes.WriteString(access.SerializeAsString());
}

// Those of calls with one answer, which the gate gives out as const to everybody but transports.
std::vector<rpc::Method*> MethodsOf(rpc::Gate& gate) {
  std::vector<rpc::Method*> methods;
  for (const rpc::Method& method : gate.methods()) {
    if (method.body != nullptr) methods.push_back(const_cast<rpc::Method*>(&method));
  }
  return methods;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool quiet = log::Open("fuzz", "error");
  static std::unique_ptr<fuzz::EveryService> services;
  static std::vector<rpc::Method*> methods;
  static std::string token;
  static int inputs = 0;
  fuzz::Require(quiet, "the log is open");
  if (size < 2) return 0;
  if (services == nullptr || ++inputs % kInputsOfOne == 0) {
    services = std::make_unique<fuzz::EveryService>();
    methods = MethodsOf(services->gate());
    token = services->Token();
  }
  rpc::Method& method = *methods[data[0] % methods.size()];
  std::string request(fuzz::Text(data + 2, size - 2));
  if (data[1] & kWithToken) AddToken(method, token, &request);

  rpc::FakeIncoming call(request);
  if (data[1] & kWithIdempotencyKey) call.headers["idempotency-key"] = "key";
  if (data[1] & kAsPeer) call.certificate_names = {"usher-user", "usher-room"};
  services->gate().Handle(method, call);
  fuzz::Require(call.WaitForAnswer(), "every call is answered");
  if (!call.outcome().internal_text.empty()) {
    std::fprintf(stderr, "%s: %s\n", method.spec.name.c_str(),
                 call.outcome().internal_text.c_str());
  }
  fuzz::Require(call.outcome().internal_text.empty(), "nobody makes a fault of ours");
  return 0;
}
