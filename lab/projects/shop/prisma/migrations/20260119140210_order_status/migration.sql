-- CreateEnum
CREATE TYPE "OrderStatus" AS ENUM ('placed', 'paid', 'shipped', 'cancelled');

-- AlterTable
ALTER TABLE "orders" ADD COLUMN "status" "OrderStatus" NOT NULL DEFAULT 'placed',
ADD COLUMN "shipped_at" TIMESTAMP(3);
