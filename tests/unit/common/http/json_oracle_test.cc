// Our JSON held against protobuf's own (google/protobuf/util/json_util.h), for the messages of
// every rpc that has a path.
#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "common/http/json_reader.h"
#include "common/http/json_writer.h"

namespace usher::http {
namespace json_oracle_test {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::MessageFactory;
using ::google::protobuf::Reflection;
using ::google::protobuf::util::MessageDifferencer;

constexpr int kDeepest = 4;

// Fills messages with whatever a seed gives, edges above all.
class Filler {
 public:
  explicit Filler(unsigned seed) : random_(seed) {}

  void Fill(Message* message, int depth = 0) {
    const Descriptor& descriptor = *message->GetDescriptor();
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const FieldDescriptor* const field = descriptor.field(i);
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && depth >= kDeepest) continue;
      const int count = field->is_repeated() ? Below(4) : Below(2);
      for (int j = 0; j < count; ++j) Add(message, field, depth);
    }
  }

 private:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }

  std::string Text() {
    static const auto* const pieces =
        new std::vector<std::string>{"a",      "/",          "\\", "\"",     "\n",
                                     "\x01",   "\x7f",       "<",  ">",      "\u00fc",
                                     "\u4e2d", "\U0001F600", " ",  "\u2028", std::string(1, '\0'),
                                     "0",      "{",          "]"};
    std::string text;
    for (int i = Below(6); i > 0; --i) text += (*pieces)[static_cast<size_t>(Below(18))];
    return text;
  }
  std::string Bytes() {
    std::string bytes;
    for (int i = Below(9); i > 0; --i) bytes.push_back(static_cast<char>(Below(256)));
    return bytes;
  }
  template <class Number>
  Number Edge() {
    const Number numbers[] = {0,
                              1,
                              static_cast<Number>(-1),
                              std::numeric_limits<Number>::max(),
                              std::numeric_limits<Number>::min(),
                              static_cast<Number>(random_())};
    return numbers[Below(6)];
  }
  template <class Value>
  void Put(Message* message, const FieldDescriptor* field, Value value,
           void (Reflection::*set)(Message*, const FieldDescriptor*, Value) const,
           void (Reflection::*add)(Message*, const FieldDescriptor*, Value) const) {
    (message->GetReflection()->*(field->is_repeated() ? add : set))(message, field, value);
  }

  void Add(Message* message, const FieldDescriptor* field, int depth) {
    const Reflection& reflection = *message->GetReflection();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Fill(field->is_repeated() ? reflection.AddMessage(message, field)
                                         : reflection.MutableMessage(message, field),
                    depth + 1);
      case FieldDescriptor::CPPTYPE_STRING:
        return Put<std::string>(message, field,
                                field->type() == FieldDescriptor::TYPE_BYTES ? Bytes() : Text(),
                                &Reflection::SetString, &Reflection::AddString);
      case FieldDescriptor::CPPTYPE_BOOL:
        return Put(message, field, Below(2) == 1, &Reflection::SetBool, &Reflection::AddBool);
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto& type = *field->enum_type();
        return Put(message, field, type.value(Below(type.value_count()))->number(),
                   &Reflection::SetEnumValue, &Reflection::AddEnumValue);
      }
      case FieldDescriptor::CPPTYPE_INT32:
        return Put(message, field, Edge<int32_t>(), &Reflection::SetInt32, &Reflection::AddInt32);
      case FieldDescriptor::CPPTYPE_INT64:
        return Put(message, field, Edge<int64_t>(), &Reflection::SetInt64, &Reflection::AddInt64);
      case FieldDescriptor::CPPTYPE_UINT32:
        return Put(message, field, Edge<uint32_t>(), &Reflection::SetUInt32,
                   &Reflection::AddUInt32);
      case FieldDescriptor::CPPTYPE_UINT64:
        return Put(message, field, Edge<uint64_t>(), &Reflection::SetUInt64,
                   &Reflection::AddUInt64);
      default:
        FAIL() << field->full_name();
    }
  }

  std::minstd_rand random_;
};

// The messages of this program's rpcs: those of common/ and of the published protocol.
std::set<const Descriptor*> MessagesOfRpcs() {
  std::set<const Descriptor*> messages;
  const auto& pool = *google::protobuf::DescriptorPool::generated_pool();
  for (const char* name :
       {"authentication.AuthenticationService", "user.UserService", "companyService.CompanyService",
        "roomService.roomService", "businessLogicService.BusinessLogicService",
        "usher.audit.v1.AuditService", "usher.token.v1.KeyService"}) {
    const auto* const service = pool.FindServiceByName(name);
    EXPECT_NE(service, nullptr) << name;
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      messages.insert(service->method(i)->input_type());
      messages.insert(service->method(i)->output_type());
    }
  }
  return messages;
}

std::string ByProtobuf(const Message& message, bool defaults) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = defaults;
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json, options).ok());
  return json;
}

class JsonOracleTest : public ::testing::Test {
 protected:
  // Maps may have been given a key twice; reading the bytes settles that.
  static std::unique_ptr<Message> AMessage(const Descriptor& type, unsigned seed) {
    MessageFactory& factory = *MessageFactory::generated_factory();
    std::unique_ptr<Message> filled(factory.GetPrototype(&type)->New());
    Filler(seed).Fill(filled.get());
    std::unique_ptr<Message> settled(filled->New());
    EXPECT_TRUE(settled->ParseFromString(filled->SerializeAsString()));
    return settled;
  }

  template <class See>
  static void ForEach(See see) {
    for (const Descriptor* type : MessagesOfRpcs()) {
      ASSERT_TRUE(IsWritableAsJson(*type)) << type->full_name();
      for (unsigned seed = 1; seed <= 40; ++seed) {
        see(*AMessage(*type, seed));
        if (::testing::Test::HasFailure()) return;
      }
    }
  }
};

TEST_F(JsonOracleTest, WhatProtobufWritesWeRead) {
  ForEach([](const Message& message) {
    for (const bool defaults : {false, true}) {
      const std::string json = ByProtobuf(message, defaults);
      const std::unique_ptr<Message> read(message.New());
      const absl::Status status = ReadJson(json, read.get());
      EXPECT_TRUE(status.ok()) << status << "\n" << json;
      EXPECT_TRUE(MessageDifferencer::Equals(*read, message)) << json;
    }
  });
}

TEST_F(JsonOracleTest, WhatWeWriteProtobufReadsAndSoDoWe) {
  ForEach([](const Message& message) {
    std::string json;
    WriteJson(message, &json);
    const std::unique_ptr<Message> by_protobuf(message.New());
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, by_protobuf.get()).ok()) << json;
    EXPECT_TRUE(MessageDifferencer::Equals(*by_protobuf, message)) << json;
    const std::unique_ptr<Message> by_us(message.New());
    EXPECT_TRUE(ReadJson(json, by_us.get()).ok()) << json;
    EXPECT_TRUE(MessageDifferencer::Equals(*by_us, message)) << json;
  });
}

}  // namespace json_oracle_test
}  // namespace usher::http
