// Requests of every method of every service through the gate, into bodies over fake stores: some
// calls for each input, of which later ones may name what earlier ones made.
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <memory>
#include <string>

#include "common/base/log.h"
#include "common/rpc/gate/largest_reply.h"
#include "tests/fuzz/every_service.h"
#include "tests/fuzz/generated_message.h"
#include "tests/fuzz/property.h"
#include "tests/support/fake_incoming.h"

namespace {

using namespace usher;
using google::protobuf::Message;
using google::protobuf::internal::WireFormatLite;

// The fakes keep what was made, and get slower by it.
constexpr int kInputsOfOne = 200;
constexpr int kCallsOfOne = 6;
constexpr size_t kMostTexts = 64;
constexpr size_t kLongestText = 256;

// What a byte of each call chooses.
constexpr uint8_t kWithToken = 1;
constexpr uint8_t kWithIdempotencyKey = 2;
constexpr uint8_t kAsPeer = 4;
constexpr uint8_t kRawBytes = 8;
constexpr uint8_t kWithBrokenToken = 16;
constexpr uint8_t kWithTrace = 32;
constexpr uint8_t kThroughProxies = 64;

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

// IDs that are there, and texts that are hard to read.
fuzz::Texts FirstTexts() {
  return {"acme",
          kCallerId,
          token::kSession,
          token::kRoom,
          "",
          "01900000-0000-7000-8000-0000000000ff",
          "admin@example.com",
          "a long enough password",
          "\u00c4\u0308 e\u0301 \ufb01",
          "\u200b\u202e\ufeff",
          std::string(300, 'x'),
          "1",
          "-1"};
}

void CollectTexts(const Message& message, fuzz::Texts* texts) {
  const auto& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const auto* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count && texts->size() < kMostTexts; ++i) {
      if (field->cpp_type() == field->CPPTYPE_STRING) {
        std::string text = field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                                : reflection.GetString(message, field);
        if (text.size() <= kLongestText) texts->push_back(std::move(text));
      } else if (field->cpp_type() == field->CPPTYPE_MESSAGE) {
        CollectTexts(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                          : reflection.GetMessage(message, field),
                     texts);
      }
    }
  }
}

void RequireGoodAnswer(const rpc::Method& method, const rpc::FakeIncoming& call,
                       fuzz::Texts* texts) {
  const rpc::Outcome& outcome = call.outcome();
  if (!outcome.internal_text.empty()) {
    std::fprintf(stderr, "%s: %s\n", method.spec.name.c_str(), outcome.internal_text.c_str());
  }
  fuzz::Require(outcome.internal_text.empty(), "nobody makes a fault of ours");
  fuzz::Require(outcome.decided == outcome.grpc_status.ok(), "gRPC's OK is for what was decided");
  fuzz::Require(!outcome.code_name.empty(), "every outcome has a name");
  if (!outcome.decided) return;
  fuzz::Require(call.reply_bytes().size() <= rpc::kLargestReply, "the answer fits");
  const std::unique_ptr<Message> reply(method.reply_type->New());
  fuzz::Require(reply->ParseFromString(call.reply_bytes()), "the answer can be read");
  const auto* const info = method.reply_info(*reply);
  fuzz::Require(info->statuscode() == outcome.reply_code, "the answer has the code");
  fuzz::Require(!info->requestid().empty(), "the answer has a request ID");
  fuzz::Require(outcome.reply_code == ::common::OK || !info->statusmessage().empty(),
                "what is refused has a reason");
  CollectTexts(*reply, texts);
}

class Calls {
 public:
  void Make(FuzzedDataProvider& input, fuzz::Texts* texts) {
    rpc::Method& method = *methods_[input.ConsumeIntegralInRange<size_t>(0, methods_.size() - 1)];
    const auto options = input.ConsumeIntegral<uint8_t>();
    std::string request;
    if (options & kRawBytes) {
      request = input.ConsumeRandomLengthString(4096);
    } else {
      const std::unique_ptr<Message> message(method.request_type->New());
      fuzz::MessageGenerator(input, *texts).Fill(message.get());
      request = message->SerializeAsString();
    }
    if (options & kWithToken) AddToken(method, token_, &request);
    if (options & kWithBrokenToken) AddToken(method, BrokenToken(input), &request);

    // Answering it twice ends the program: absl::Notification.
    rpc::FakeIncoming call(request);
    if (options & kWithIdempotencyKey) {
      call.headers["idempotency-key"] = input.ConsumeRandomLengthString(300);
    }
    if (options & kWithTrace) call.headers["traceparent"] = input.ConsumeRandomLengthString(80);
    if (options & kThroughProxies) {
      call.headers["x-forwarded-for"] = input.ConsumeRandomLengthString(80);
    }
    if (options & kAsPeer) {
      call.certificate_names = {"usher-user", "usher-room"};
      call.headers["usher-client-address"] = "198.51.100.7";
    }
    services_.gate().Handle(method, call);
    fuzz::Require(call.WaitForAnswer(), "every call is answered");
    RequireGoodAnswer(method, call, texts);
  }

 private:
  std::string BrokenToken(FuzzedDataProvider& input) const {
    std::string token = token_;
    token[input.ConsumeIntegralInRange<size_t>(0, token.size() - 1)] ^= 1;
    return token;
  }

  fuzz::EveryService services_;
  const std::vector<rpc::Method*> methods_ = MethodsOf(services_.gate());
  const std::string token_ = services_.Token();
};

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool quiet = log::Open("fuzz", "error");
  static std::unique_ptr<Calls> calls;
  static int inputs = 0;
  fuzz::Require(quiet, "the log is open");
  google::protobuf::SetLogHandler(nullptr);  // it tells of everything that is no UTF-8
  if (calls == nullptr || ++inputs % kInputsOfOne == 0) calls = std::make_unique<Calls>();
  FuzzedDataProvider input(data, size);
  fuzz::Texts texts = FirstTexts();
  for (int i = 0; i < kCallsOfOne && input.remaining_bytes() > 0; ++i) calls->Make(input, &texts);
  return 0;
}
