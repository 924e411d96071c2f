// The actors and objects of authorization_matrix.txt, made when they are first needed.
#pragma once

#include <map>
#include <string>

#include "common/permission/permission.h"
#include "tests/support/house.h"

namespace usher {

// Of everybody who has one.
inline constexpr char kScenePassword[] = "cv7#Tq-9xw-kLm";

// Somebody in a company.
struct Person {
  std::string company;
  std::string user;
  std::string username;
};

// Who calls.
struct Actor {
  std::string name;
  Person person;
  std::string token;         // empty: none
  std::string room_subject;  // the user ID under which rooms keep the rights
};

// What a call is about: of one object the user, the room and the company. Empty where it has none.
struct Target {
  Person person;
  std::string room;
  std::string mark;  // what only an answer that tells of the company in full has in it
};

// Objects stay until they are said to be gone; then the next one who asks gets new ones. Throws
// std::runtime_error when one cannot be made.
class Scene {
 public:
  explicit Scene(House& house);

  const Actor& actor(const std::string& name);
  Target target(const std::string& object, const Actor& actor);
  // A room of the company that every member of it may join.
  std::string OpenRoom(const std::string& company);

  void ForgetPerson(const std::string& object, const Actor& actor);
  void ForgetRoom(const std::string& object, const Actor& actor);

 private:
  Actor MakeActor(const std::string& name);
  Actor MakeGuest(const std::string& name, bool shareable);
  const Person& person(const std::string& object);
  Person MakePerson(const std::string& company, PermissionSet permissions);
  void SwitchOff(const Person& person);
  void AwaitRefusal(const std::string& token);
  std::string Room(const std::string& object, const Actor& actor);
  std::string MakeRoom(const std::string& company, const ::common::Room& room);
  std::string SignFor(const Person& person, PermissionSet permissions);
  // A token of the company's first administrator.
  std::string Administrator(const std::string& company);
  void MarkCompany(const std::string& company);

  House& house_;
  std::map<std::string, std::string> administrators_;  // tokens by company
  std::map<std::string, Actor> actors_;
  std::map<std::string, Person> persons_;
  std::map<std::string, std::string> rooms_;
};

}  // namespace usher
