#pragma once

#include <array>
#include <cstddef>
#include <utility>

namespace sensors {

/// Fixed-capacity queue that drops its oldest element when full.
template <typename T, std::size_t Capacity>
class RingBuffer {
public:
    struct const_iterator {
        const RingBuffer& owner;
        std::size_t position;

        const T& operator*() const { return owner[position]; }
        const_iterator& operator++() {
            ++position;
            return *this;
        }
        bool operator!=(const const_iterator& other) const { return position != other.position; }
    };

    void push(T value) {
        if (size_ < Capacity) {
            ++size_;
        } else {
            head_ = (head_ + 1) % Capacity;
        }
        items_[(head_ + size_ - 1) % Capacity] = std::move(value);
    }

    /// Element by age; index 0 is the oldest.
    const T& operator[](std::size_t index) const { return items_[(head_ + index) % Capacity]; }
    const T& back() const { return (*this)[size_ - 1]; }

    const_iterator begin() const { return {*this, 0}; }
    const_iterator end() const { return {*this, size_}; }

private:
    std::array<T, Capacity> items_{};
    std::size_t head_ = 0;
    std::size_t size_ = 0;
};

}  // namespace sensors
