// A planted overflow: UndefinedBehaviorSanitizer that does not report it reports nothing.
#include <limits>

int main(int count, char**) {
  const int volatile sum = std::numeric_limits<int>::max() + count;
  return sum > 0 ? 1 : 0;
}
