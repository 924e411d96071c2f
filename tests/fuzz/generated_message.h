// Messages of any type whose fields the input of a fuzz target chooses, so that what stands behind
// the parser is reached.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

namespace usher::fuzz {

// Texts that requests may take over, IDs above all. Always UTF-8: what is not never gets past the
// parser.
using Texts = std::vector<std::string>;

class MessageGenerator {
 public:
  MessageGenerator(FuzzedDataProvider& input, const Texts& texts) : input_(input), texts_(texts) {}

  void Fill(google::protobuf::Message* message) { Fill(message, 0); }

 private:
  using Field = google::protobuf::FieldDescriptor;
  static constexpr int kDeepest = 5;
  static constexpr int kMostOfOne = 4;

  void Fill(google::protobuf::Message* message, int depth) {
    const auto* type = message->GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const Field* field = type->field(i);
      const int most = field->is_repeated() ? kMostOfOne : 1;
      const int count = input_.ConsumeIntegralInRange<int>(0, most);
      for (int j = 0; j < count; ++j) Set(message, field, depth);
    }
  }

  std::string Text() {
    if (!texts_.empty() && input_.ConsumeBool()) {
      return texts_[input_.ConsumeIntegralInRange<size_t>(0, texts_.size() - 1)];
    }
    std::string text = input_.ConsumeRandomLengthString(64);
    for (char& c : text) c = static_cast<char>(c & 0x7f);
    return text;
  }

  template <class Number>
  Number ANumber() {
    if (input_.ConsumeBool()) return input_.ConsumeIntegral<Number>();
    return static_cast<Number>(input_.ConsumeIntegralInRange<uint8_t>(0, 40));
  }

  // A value of the enumeration, or a number that it does not have.
  int EnumNumber(const Field* field) {
    const int at = input_.ConsumeIntegralInRange<int>(0, field->enum_type()->value_count());
    if (at == field->enum_type()->value_count()) return input_.ConsumeIntegral<int>();
    return field->enum_type()->value(at)->number();
  }

  void Set(google::protobuf::Message* message, const Field* field, int depth) {
    const auto& reflection = *message->GetReflection();
    const auto put = [&](auto set, auto add, auto value) {
      if (field->is_repeated()) {
        (reflection.*add)(message, field, std::move(value));
      } else {
        (reflection.*set)(message, field, std::move(value));
      }
    };
    using Reflection = google::protobuf::Reflection;
    switch (field->cpp_type()) {
      case Field::CPPTYPE_MESSAGE:
        if (depth == kDeepest) return;
        return Fill(field->is_repeated() ? reflection.AddMessage(message, field)
                                         : reflection.MutableMessage(message, field),
                    depth + 1);
      case Field::CPPTYPE_STRING:
        return put(&Reflection::SetString, &Reflection::AddString, Text());
      case Field::CPPTYPE_BOOL:
        return put(&Reflection::SetBool, &Reflection::AddBool, input_.ConsumeBool());
      case Field::CPPTYPE_ENUM:
        return put(&Reflection::SetEnumValue, &Reflection::AddEnumValue, EnumNumber(field));
      case Field::CPPTYPE_INT32:
        return put(&Reflection::SetInt32, &Reflection::AddInt32, ANumber<int32_t>());
      case Field::CPPTYPE_UINT32:
        return put(&Reflection::SetUInt32, &Reflection::AddUInt32, ANumber<uint32_t>());
      case Field::CPPTYPE_INT64:
        return put(&Reflection::SetInt64, &Reflection::AddInt64, ANumber<int64_t>());
      case Field::CPPTYPE_UINT64:
        return put(&Reflection::SetUInt64, &Reflection::AddUInt64, ANumber<uint64_t>());
      case Field::CPPTYPE_FLOAT:
        return put(&Reflection::SetFloat, &Reflection::AddFloat,
                   input_.ConsumeFloatingPoint<float>());
      case Field::CPPTYPE_DOUBLE:
        return put(&Reflection::SetDouble, &Reflection::AddDouble,
                   input_.ConsumeFloatingPoint<double>());
    }
  }

  FuzzedDataProvider& input_;
  const Texts& texts_;
};

}  // namespace usher::fuzz
